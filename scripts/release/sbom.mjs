// The bill of materials, CycloneDX 1.6: what is inside the released files, by npm's names and hashes.
// npm sbom cannot make it: what the bundler took in is no dependency of the npm package any more.
import { createHash } from 'node:crypto';
import { PRODUCT } from './product.mjs';
import { jsonOf } from './tools.mjs';

/** @typedef {import('./components.mjs').Component} Component */

/**
 * @param {object} inside
 * @param {readonly Component[]} inside.executable
 * @param {readonly Component[]} inside.node in the Node flavour
 * @param {readonly Component[]} inside.runtimes one for each platform
 * @param {readonly Component[]} inside.fetched what npm brings besides when it installs the package
 * @param {number} seconds
 */
export function billOfMaterials({ executable, node, runtimes, fetched }, seconds) {
  const { name, version, summary, license } = PRODUCT;
  const ref = `pkg:npm/${name}@${version}`;
  const described = new Map(
    [...executable, ...node, ...runtimes, ...fetched].map((component) => [component.name, component]),
  );
  const components = [...described.values()].map((component) => ({
    type: runtimes.includes(component) ? 'platform' : 'library',
    'bom-ref': purl(component),
    name: component.name,
    version: component.version,
    hashes: [{ alg: 'SHA-512', content: hexOf(component.integrity) }],
    licenses: [{ license: { id: component.license } }],
    purl: purl(component),
    properties: [{ name: 'flavour', value: flavoursOf(component) }],
  }));
  const content = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: {
        ...{ type: 'application', 'bom-ref': ref, name, version, description: summary },
        ...{ licenses: [{ license: { id: license } }], purl: ref },
      },
    },
    components,
    dependencies: [{ ref, dependsOn: components.map((component) => component['bom-ref']) }],
  };
  return jsonOf({ ...content, serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}` });

  /** @param {Component} component */
  function flavoursOf(component) {
    const has = (/** @type {readonly Component[]} */ list) =>
      list.some((other) => other.name === component.name);
    return [
      ...(has(executable) || has(runtimes) ? ['executable'] : []),
      ...(has(node) || has(fetched) ? ['node'] : []),
    ].join(', ');
  }
}

/** @param {Component} component */
const purl = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** @param {string} integrity */
const hexOf = (integrity) => Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');

/**
 * The same for the same content: version 8 of RFC 9562, whose bits are the maker's own.
 * @param {string} content
 */
function uuidOf(content) {
  const hex = createHash('sha256').update(content).digest('hex');
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
