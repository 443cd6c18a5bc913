import { isHelperError } from './errors.ts';

/** What is said to a person about an error: what went wrong, and what to do. */
export interface Explanation {
  message: string;
  hint: string | undefined;
}

export function explain(error: unknown): Explanation {
  if (isHelperError(error)) return { message: error.message, hint: error.hint };
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && path !== undefined)
    return { message: `${path}: ${REASONS[code] ?? code}`, hint: FILE_HINT };
  return { message: error instanceof Error ? error.message : String(error), hint: undefined };
}

const FILE_HINT = 'check who owns it, that this user may write there and that there is room';

/** In words: errno(3). */
const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no room left on the disk',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'something above it is not a folder',
  EISDIR: 'it is a folder',
  EIO: 'the disk fails',
};
