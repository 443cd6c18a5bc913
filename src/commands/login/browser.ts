import { authorizationRequest, codeFrom, isAnswerTo } from '../../iam/authorization.ts';
import { authorizationCodeGrant } from '../../iam/grants.ts';
import { Secret } from '../../secret.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { listenForRedirect } from './redirect.ts';
import { openSession } from './session.ts';
import type { Way } from './way.ts';

/** Time for a person to log in, with a second factor. */
const LIMIT_MS = 5 * 60_000;

/** The authorization code of a browser on this machine (RFC 8252). */
export const logInWithBrowser: Way = async ({ issuer, app, terminal }) => {
  const endpoint = await terminal.progress(
    `Asking ${new URL(issuer).host}`,
    app.discover('authorization_endpoint', issuer),
  );
  const listener = await listenForRedirect();
  try {
    const request = authorizationRequest(endpoint, listener.port);
    showPage(request.page, terminal);
    const answer = await listener.answer((query) => isAnswerTo(request.state, query), LIMIT_MS);
    const code = new Secret(codeFrom(answer));
    const grant = authorizationCodeGrant(code, request.redirectUri, request.verifier);
    return await openSession(grant, { issuer, app, terminal });
  } finally {
    listener.close();
  }
};

function showPage(page: string, terminal: Terminal): void {
  const opened = terminal.openBrowser(page);
  terminal.note(
    opened ? 'Log in in the browser; if none opens, open' : 'Log in in a browser of this machine at',
  );
  terminal.note(page);
  terminal.note('If that page reports an error, press Ctrl-C and use docker-credential-icr login --sso');
}
