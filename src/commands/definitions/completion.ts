import type { CommandDefinition } from '../command.ts';
import { SHELLS } from '../completion/shells.ts';

export const completion: CommandDefinition = {
  name: 'completion',
  summary: 'Print a completion script for a shell',
  description: [
    'The script knows all commands, options, settings and registries; it does not start this program.',
    'bash: docker-credential-icr completion bash > ~/.local/share/bash-completion/completions/docker-credential-icr',
    'zsh: docker-credential-icr completion zsh > _docker-credential-icr, in a folder that is in $fpath before compinit runs',
    'fish: docker-credential-icr completion fish > ~/.config/fish/completions/docker-credential-icr.fish',
    'PowerShell: docker-credential-icr completion powershell | Out-String | Invoke-Expression, in the file $PROFILE',
  ],
  arguments: [{ name: 'shell', summary: 'the shell that reads the script', choices: SHELLS }],
  load: async () => (await import('../completion.ts')).run,
};
