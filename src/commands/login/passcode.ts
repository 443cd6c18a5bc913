import { HelperError } from '../../errors.ts';
import { passcodeGrant } from '../../iam/grants.ts';
import { Secret } from '../../secret.ts';
import { openSession } from './session.ts';
import type { Way, WayContext } from './way.ts';

/** A one-time code from IAM's passcode page, as `ibmcloud login --sso` has it. */
export const logInWithPasscode: Way = async (context) => {
  const code = context.input.flag('passcode-stdin')
    ? parsePasscode(await context.terminal.readInput('the one-time code'), 'standard input')
    : parsePasscode(await askForPasscode(context), 'what was typed');
  return openSession(passcodeGrant(new Secret(code)), context);
};

async function askForPasscode({ issuer, app, terminal }: WayContext): Promise<string> {
  const page = await terminal.progress(
    `Asking ${new URL(issuer).host}`,
    app.discover('passcode_endpoint', issuer),
  );
  terminal.note(`Get a one-time code at ${page.href}`);
  if (terminal.openBrowser(page.href)) terminal.note('It should open in a browser now');
  return terminal.askHidden('One-time code: ', 'give the code with --passcode-stdin');
}

/** IBM publishes no form for it: one word. Never quotes the value. */
function parsePasscode(value: string, where: string): string {
  const code = value.trim();
  if (/^[!-~]{1,200}$/.test(code)) return code;
  throw new HelperError(
    'bad-input',
    `${where} ${code === '' ? 'is empty' : 'does not hold a one-time code'}`,
    {
      hint: 'copy the code, one word, from the page that login --sso names',
    },
  );
}
