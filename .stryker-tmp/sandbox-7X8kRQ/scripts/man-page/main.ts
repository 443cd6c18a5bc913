import { VERB_SUMMARIES } from '../../src/commands/completion/model.ts';
import { manPage } from '../../src/commands/man-page.ts';
import { COMMANDS, EXIT_CODES } from '../../src/commands/table.ts';
import { NAME, VERSION } from '../../src/version.ts';
import { DESCRIPTION, ENVIRONMENT, FILES, SEE_ALSO, SUMMARY } from './tables.ts';

/** The program's own page, on standard output. */
const page = manPage({
  name: NAME,
  version: VERSION,
  summary: SUMMARY,
  description: DESCRIPTION,
  commands: COMMANDS,
  verbs: Object.entries(VERB_SUMMARIES),
  exitCodes: EXIT_CODES,
  environment: ENVIRONMENT,
  files: FILES,
  seeAlso: SEE_ALSO,
});
process.stdout.write(page);
