import { REGISTRY, type Step } from '../demo.ts';
import { verify } from '../failure.ts';
import { clip } from '../narrator.ts';
import { HELPER } from '../shell.ts';

export const store: Step = {
  title: 'Store an API key, once',
  async run({ cloud, home, say, shell }) {
    say.explain(
      `IAM has just made a key for ${cloud.user.email}: it goes through standard input, never an argument.`,
    );
    const credentials = { ServerURL: REGISTRY, Username: 'iamapikey', Secret: cloud.apiKey };
    say.command(
      `echo '${JSON.stringify(credentials).replace(cloud.apiKey, clip(cloud.apiKey))}' | ${HELPER} store`,
    );
    const { code, stdout, stderr } = await shell.helper('store', `${JSON.stringify(credentials)}\n`);
    verify(code === 0, `store ended with ${code}: ${stdout.trim()}`);
    say.output(stderr);
    const files = home.files();
    const readable = files.find(({ content }) => content.includes(cloud.apiKey));
    verify(readable === undefined, `the API key stands in plain text in ${readable?.path}`);
    say.checked(`stored, and in none of the ${files.length} files of this home in plain text`);
    say.explain('(Usually the key goes into the system’s keychain; a demonstration leaves yours alone.)');
    return 'an API key stored through standard input, nowhere in plain text';
  },
};
