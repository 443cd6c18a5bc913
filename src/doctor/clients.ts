import { readFileSync, statSync } from 'node:fs';
import { type ClientFile, findClientFiles } from '../clients/client-files.ts';
import { HELPER } from '../clients/helper-entries.ts';
import { type ClientReport, inspectClientFile, type ReportedLogin } from '../clients/inspect.ts';
import { explain } from '../explain.ts';
import { parseRegistryHost } from '../registry-host.ts';
import type { System } from '../system.ts';
import { type Check, type DoctorContext, type Finding, failure, ok, warning } from './check.ts';

/** Whether the files of docker and podman lead to this helper, and nothing in them leads past it. */
export const clients: Check = {
  name: 'clients',
  run: async ({ app, host }) => {
    const { system } = app.context;
    const reports = findClientFiles(system).map(inspectClientFile);
    const findings = reports.flatMap((report) => describeFile(report, host, system));
    return [...findings, ...describeHost(reports, host, system)];
  },
};

function describeFile(report: ClientReport, host: DoctorContext['host'], system: System): Finding[] {
  const { file, problem, otherHelpers, logins } = report;
  if (!report.exists) return [];
  if (problem) return [...describeOwner(file, system), describeProblem(problem)];
  const isOurs = (name: string) => name === host.name;
  return [
    ...describeOwner(file, system),
    ...describeMark(report),
    ...otherHelpers.map((other) =>
      describeOther(other, file, parseRegistryHost(other.host)?.name === host.name),
    ),
    ...describeKeys(report),
    ...logins.map((login) => describeLogin(login, report, isOurs(login.host))),
    ...describeMode(report),
  ];
}

function describeProblem(problem: Error): Finding {
  const { message, hint = 'correct it, or move it away' } = explain(problem);
  return failure(message, { detail: 'clients stop at it, or read nothing from it', hint });
}

/** sudo -E takes another user's HOME along. */
function describeOwner({ path }: ClientFile, system: System): Finding[] {
  if (system.platform === 'win32') return [];
  const { uid } = statSync(path);
  if (uid === system.euid) return [];
  return [
    warning(`${path} belongs to another user (uid ${uid}, this is uid ${system.euid})`, {
      hint: 'run this and the client as its owner, or set HOME (sudo -H instead of sudo -E)',
    }),
  ];
}

function describeMark({ file, hasByteOrderMark }: ClientReport): Finding[] {
  if (!hasByteOrderMark) return [];
  return [
    failure(`${file.path} begins with a byte order mark, which docker does not read`, {
      hint: 'save it as UTF-8 without a byte order mark',
    }),
  ];
}

function describeOther(
  { host, helper }: ClientReport['otherHelpers'][number],
  { path }: ClientFile,
  matters: boolean,
): Finding {
  const title = `${path} names another helper for ${host}: ${helper}`;
  const hint = `run docker-credential-icr configure --force ${host}, or write "${host}": "${HELPER}" there`;
  return matters ? failure(title, { hint }) : warning(title, { hint });
}

/** Clients compare keys with the name of the registry in the image, letter by letter. */
function describeKeys({ file, hosts, uselessKeys }: ClientReport): Finding[] {
  const withPort = hosts.filter((key) => key.endsWith(':443') && !hosts.includes(key.slice(0, -4)));
  return [...new Set([...uselessKeys, ...withPort])].map((key) => {
    const name = parseRegistryHost(key)?.name ?? key.replace(/^https?:\/\//, '');
    return warning(`${file.path} names the helper for ${key}, which no image name matches`, {
      hint: `write "${name}": "${HELPER}" in its place, or run docker-credential-icr configure`,
    });
  });
}

function describeLogin(
  { key, host, shadows }: ReportedLogin,
  report: ClientReport,
  matters: boolean,
): Finding {
  const { file, hosts, credsStore } = report;
  const unserved = file.client === 'docker' && !hosts.includes(host) && credsStore !== HELPER;
  const title = `${file.path} holds a login for ${key} in clear text`;
  // Not the client's own logout: that would delete what the helper holds as well.
  const hint = `run docker-credential-icr configure --move-logins, or delete "${key}" under "auths" there`;
  if (!shadows && !unserved) return warning(title, { hint });
  const past = `${title}, which goes before the helper`;
  return matters ? failure(past, { hint }) : warning(past, { hint });
}

function describeMode({ file, logins, isReadableByOthers }: ClientReport): Finding[] {
  if (!isReadableByOthers || logins.length === 0) return [];
  return [
    warning(`${file.path} can be read by other users, and holds logins in clear text`, {
      hint: `run chmod 600 ${file.path}`,
    }),
  ];
}

function describeHost(
  reports: readonly ClientReport[],
  host: DoctorContext['host'],
  system: System,
): Finding[] {
  const served = reports.filter(
    ({ hosts, credsStore }) => hosts.includes(host.name) || credsStore === HELPER,
  );
  const places = [...served.map(({ file }) => file.path), ...registriesFiles(system)];
  if (places.length > 0)
    return [ok(`asked for ${host.name} by the clients that read ${places.join(' and ')}`)];
  const known = reports.flatMap(({ hosts }) => [...hosts]).filter((name) => parseRegistryHost(name));
  return [
    warning(`no client is configured to ask this helper for ${host.name}`, {
      ...(known.length > 0 && { detail: `configured: ${[...new Set(known)].join(', ')}` }),
      hint: `run docker-credential-icr configure ${host.name}`,
    }),
  ];
}

/** containers-registries.conf(5): `credential-helpers = ["icr"]` asks the helper for every registry. */
function registriesFiles({ env, platform }: System): string[] {
  if (platform !== 'linux') return [];
  const folders = [env['HOME'] && `${env['HOME']}/.config/containers`, '/etc/containers'];
  return folders.flatMap((folder) => (folder ? [`${folder}/registries.conf`] : [])).filter(namesHelper);
}

function namesHelper(path: string): boolean {
  try {
    return /^\s*credential-helpers\s*=\s*\[[^\]]*["']icr["']/m.test(readFileSync(path, 'utf8'));
  } catch {
    return false;
  }
}
