import type { Cloud } from './cloud.ts';
import { verify } from './failure.ts';

/** What the registry has seen of a client while `work` ran: its own account, not the client's. */
export async function watchTraffic(name: string, cloud: Cloud, work: () => Promise<void>): Promise<void> {
  const { icr, user } = cloud;
  const firstRequest = icr.registryRequests.length;
  const firstLogin = icr.tokenRequests.length;
  await work();
  const manifests = icr.registryRequests
    .slice(firstRequest)
    .filter(({ path }) => path.includes('/manifests/'))
    .map(({ method, status }) => `${method} ${status}`);
  const pushedAt = manifests.indexOf('PUT 201');
  verify(pushedAt >= 0, `${name} pushed nothing`);
  verify(manifests.indexOf('GET 200', pushedAt) > pushedAt, `${name} pulled nothing`);
  const logins = icr.tokenRequests.slice(firstLogin);
  verify(logins.length > 0, `${name} did not log in to the registry`);
  for (const { username, identity, status } of logins) {
    const ours = username === 'iambearer' && identity === user.email && status === 200;
    verify(ours, `${name} logged in as ${username} and not with the helper’s answer (HTTP ${status})`);
  }
}
