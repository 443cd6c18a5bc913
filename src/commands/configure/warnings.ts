import type { App } from '../../app.ts';
import { findClientFiles } from '../../clients/client-files.ts';
import { type ClientReport, inspectClientFile } from '../../clients/inspect.ts';
import type { FoundLogin } from '../../clients/move-logins.ts';
import { inspectProgram } from '../../doctor/program.ts';
import { NAME } from '../../version.ts';

/** What keeps clients from asking this helper, or would, each with what to do. */
export function warnings(
  hosts: readonly string[],
  tried: readonly FoundLogin[],
  { context: { system } }: App,
): string[] {
  const program = inspectProgram(system).filter(({ status }) => status === 'failure');
  const reports = findClientFiles(system).map(inspectClientFile);
  return [
    ...program.map(({ title, hint }) => `${title}: ${hint}`),
    ...reports.flatMap((report) => warningsAbout(report, tried)),
    ...reports.flatMap((report) => warnOfOthers(report, hosts)),
  ];
}

/** A file that was not to be configured can name another helper. */
function warnOfOthers({ file, otherHelpers }: ClientReport, hosts: readonly string[]): string[] {
  return otherHelpers
    .filter(({ host }) => hosts.includes(host))
    .map(
      ({ host, helper }) =>
        `${file.path} names another helper for ${host} (${helper}): run ${NAME} configure --client ${file.client} --force`,
    );
}

const SHADOWS = `which clients use without asking this helper: run ${NAME} configure --move-logins`;
const UNUSED = `which clients do not use any more: run ${NAME} configure --move-logins`;

/** Why a login stays that was to be moved has been said. */
function warningsAbout(report: ClientReport, tried: readonly FoundLogin[]): string[] {
  const { uselessKeys, hasByteOrderMark } = report;
  const { path } = report.file;
  const isKnown = (key: string) => tried.some((one) => one.file.path === path && one.login.key === key);
  const logins = report.logins.filter(({ key }) => !isKnown(key));
  return [
    ...logins.map(
      ({ key, shadows }) => `${path} holds a login for ${key} in clear text, ${shadows ? SHADOWS : UNUSED}`,
    ),
    ...uselessKeys.map(
      (key) =>
        `no client ever looks for ${key} in ${path}: remove it, and configure the host without https:// or path`,
    ),
    ...(hasByteOrderMark
      ? [
          `docker does not read ${path} because of the byte order mark at its beginning: save it as UTF-8 without one`,
        ]
      : []),
  ];
}
