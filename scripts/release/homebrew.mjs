// The Homebrew formula: the archives for macOS and Linux.
import { archiveName } from './archives.mjs';
import { PRODUCT } from './product.mjs';

/**
 * @param {Record<string, string>} hashes SHA-256 of each released file
 */
export function formula(hashes) {
  const { name, version, summary, license, homepage } = PRODUCT;
  const systems = { on_macos: 'macos', on_linux: 'linux' };
  const cpus = { on_arm: 'arm64', on_intel: 'x64' };
  const className = name.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase());
  return [
    `class ${className} < Formula`,
    `  desc ${ruby(summary)}`,
    `  homepage ${ruby(homepage)}`,
    `  version ${ruby(version)}`,
    `  license ${ruby(license)}`,
    '',
    ...Object.entries(systems).flatMap(([block, system]) => [
      `  ${block} do`,
      ...Object.entries(cpus).flatMap(([inner, cpu]) => {
        const file = archiveName({ name: `${system}-${cpu}` });
        return [
          `    ${inner} do`,
          `      url ${ruby(`${PRODUCT.downloads}/${file}`)}`,
          `      sha256 ${ruby(hashOf(hashes, file))}`,
          '    end',
        ];
      }),
      '  end',
      '',
    ]),
    '  def install',
    `    bin.install ${ruby(name)}`,
    `    man1.install ${ruby(`${name}.1`)}`,
    `    generate_completions_from_executable(bin/${ruby(name)}, "completion")`,
    '  end',
    '',
    '  test do',
    `    assert_match version.to_s, shell_output("#{bin}/${name} version")`,
    `    assert_equal "{}", shell_output("#{bin}/${name} list").strip`,
    '  end',
    'end',
    '',
  ].join('\n');
}

/** @param {Record<string, string>} hashes @param {string} file */
export function hashOf(hashes, file) {
  const hash = hashes[file];
  if (!hash) throw new Error(`no ${file} was built`);
  return hash;
}

/** Neither quotes nor interpolation are in what we have to say. @param {string} text */
function ruby(text) {
  if (/["\\#]/.test(text)) throw new Error(`not for a formula: ${text}`);
  return `"${text}"`;
}
