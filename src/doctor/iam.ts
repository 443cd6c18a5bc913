import { accessSync, constants } from 'node:fs';
import type { Credential } from '../credential.ts';
import { settingsProblem } from '../helper.ts';
import type { HttpResponse } from '../http.ts';
import { issuerForStored } from '../iam/endpoint.ts';
import type { System } from '../system.ts';
import { NAME, VERSION } from '../version.ts';
import { answering } from './answering.ts';
import { type Check, type DoctorContext, type Finding, failure, ok, skipped, warning } from './check.ts';
import { authoritiesIn, describeWay, unreachable } from './unreachable.ts';

/** A little less than the check has, so that the message says what did not answer. */
const TIMEOUT_MS = 6_000;

/** Whether IAM can be reached, by which way, and whether its clock and ours agree. */
export const iam: Check = {
  name: 'iam',
  network: true,
  run: async (context) => {
    const { system } = context.app.context;
    if (settingsProblem(context.app.context)) return [skipped('which IAM to ask is for the settings to say')];
    const credential = (await answering(context))?.credential ?? null;
    if (credential?.type === 'token' && credential.asksIam === false) {
      return [skipped(`IAM is not asked: ${credential.shows} has its tokens from ${credential.issuer}`)];
    }
    const issuer = issuerOf(credential, context);
    const way = describeWay(new URL(issuer), system);
    const certificates = inspectAuthorities(system);
    const http = await context.http();
    try {
      const sentAt = system.now();
      const response = await http({
        method: 'GET',
        // Asks for nothing and needs no login; its Date is IAM's clock.
        url: `${issuer}/identity/.well-known/openid-configuration`,
        headers: { Accept: 'application/json', 'User-Agent': `${NAME}/${VERSION}` },
        timeoutMs: TIMEOUT_MS,
      });
      const answer = describeAnswer(response, issuer, way);
      if (answer.status === 'failure') {
        context.known.iamFails = true;
        return [...certificates, answer];
      }
      return [...certificates, answer, ...describeClock(response, sentAt, system.now())];
    } catch (error) {
      context.known.iamFails = true;
      return [...certificates, unreachable(error, new URL(issuer), system)];
    }
  },
};

function issuerOf(credential: Credential | null, context: DoctorContext): string {
  if (credential && credential.type !== 'none' && credential.type !== 'ready') return credential.issuer;
  return issuerForStored(context.host, context.app.context);
}

function inspectAuthorities(system: System): Finding[] {
  return authoritiesIn(system).flatMap(({ name, path }) => {
    try {
      accessSync(path, constants.R_OK);
      return [];
    } catch {
      return [warning(`${name} names ${path}, which cannot be read`, { hint: 'correct or unset it' })];
    }
  });
}

function describeAnswer(response: HttpResponse, issuer: string, way: string): Finding {
  const { host } = new URL(issuer);
  if (response.status === 200 && isDiscovery(response.body)) return ok(`${host} answers`, { detail: way });
  if (response.status === 429 || response.status >= 500) {
    return failure(`${host} fails with HTTP ${response.status}`, {
      detail: way,
      hint: 'try again in a minute; see https://cloud.ibm.com/status',
    });
  }
  return failure(`${host} answers HTTP ${response.status}, but not as IAM does`, {
    detail: way,
    hint: 'check for a proxy or captive portal in between, and iamEndpoint in the settings',
  });
}

function isDiscovery(body: string): boolean {
  try {
    return typeof JSON.parse(body).token_endpoint === 'string';
  } catch {
    return false;
  }
}

const SKEW_WARNING_MS = 60_000;
const SKEW_FAILURE_MS = 5 * 60_000;

function describeClock(response: HttpResponse, sentAt: number, receivedAt: number): Finding[] {
  const date = Date.parse(response.header('date') ?? '');
  if (!Number.isFinite(date)) return [];
  // Whole seconds, the rest is cut off.
  const skew = (sentAt + receivedAt) / 2 - (date + 500);
  const amount = Math.abs(skew);
  const words = `${durationOf(amount)} ${skew > 0 ? 'ahead of' : 'behind'} IAM's`;
  if (amount <= SKEW_WARNING_MS) return [ok("the clock of this machine agrees with IAM's")];
  const hint = 'set the clock, with timedatectl set-ntp true for example';
  const title = `the clock of this machine is ${words}`;
  const detail = 'tokens that clients stored, and certificates, count as expired or as not valid yet';
  return [amount > SKEW_FAILURE_MS ? failure(title, { detail, hint }) : warning(title, { detail, hint })];
}

function durationOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`;
}
