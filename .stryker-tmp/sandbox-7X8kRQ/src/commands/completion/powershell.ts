import type { CommandDefinition } from '../command.ts';
import { type CompletedCommand, completedCommands, TOP_FLAGS, type Values } from './model.ts';
import { powershellQuote } from './quote.ts';

/** For Windows PowerShell 5.1 and PowerShell 7; file names are its own answer where nothing is offered. */
export function powershellCompletion(name: string, definitions: readonly CommandDefinition[]): string {
  const commands = completedCommands(definitions);
  const names = [name, `${name}.exe`].map(powershellQuote).join(', ');
  return `# PowerShell completion for ${name}
Register-ArgumentCompleter -Native -CommandName ${names} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = [ordered]@{
${commands.map(commandEntry).join('\n')}
  }
  $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
  if ($before.Count -le 1) {
    $offered = @($commands.Keys) + @(${TOP_FLAGS.map(powershellQuote).join(', ')})
    $summaries = @{}
    foreach ($key in $commands.Keys) { $summaries[$key] = $commands[$key].Summary }
  } else {
    $command = $commands[$before[1]]
    if ($null -eq $command) { return }
    $summaries = $command.Options
    $given = 0
    $expected = $null
    foreach ($word in @($before | Select-Object -Skip 2)) {
      if ($null -ne $expected) { $expected = $null }
      elseif ($command.OptionValues.Contains($word)) { $expected = $word }
      elseif (-not $word.StartsWith('-')) { $given += 1 }
    }
    if ($null -ne $expected) { $offered = $command.OptionValues[$expected] }
    elseif ($wordToComplete.StartsWith('-')) { $offered = @($command.Options.Keys) }
    elseif ($given -lt $command.Arguments.Count) { $offered = $command.Arguments[$given] }
    elseif ($command.Repeats) { $offered = $command.Arguments[-1] }
    else { $offered = @($command.Options.Keys) }
  }
  foreach ($word in $offered) {
    if (-not $word.StartsWith($wordToComplete, [StringComparison]::Ordinal)) { continue }
    $summary = $word
    if ($summaries.Contains($word)) { $summary = $summaries[$word] }
    [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $summary)
  }
}
`;
}

function commandEntry({ name, summary, options, arguments: args }: CompletedCommand): string {
  const flags = options.map((option) => entry(option.flag, powershellQuote(option.summary)));
  const values = options.flatMap(({ flag, value }) => (value ? [entry(flag, words(value.values))] : []));
  return `    ${powershellQuote(name)} = @{
      Summary = ${powershellQuote(summary)}
      Options = [ordered]@{ ${flags.join('; ')} }
      OptionValues = @{ ${values.join('; ')} }
      Arguments = @(${args.map(({ values }) => `,${words(values)}`).join('; ')})
      Repeats = $${args.at(-1)?.repeatable ?? false}
    }`;
}

function entry(key: string, value: string): string {
  return `${powershellQuote(key)} = ${value}`;
}

function words(values: Values): string {
  return values.kind === 'words' ? `@(${values.words.map(powershellQuote).join(', ')})` : '@()';
}
