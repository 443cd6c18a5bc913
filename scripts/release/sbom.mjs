// The bill of materials, CycloneDX 1.6: what is inside the released files, by npm's names and hashes.
// npm sbom cannot make it: what the bundler took in is no dependency of the npm package any more.
import { createHash } from 'node:crypto';
import { bunParts } from './bun-parts.mjs';
import { distinct, purl, sha512 } from './components.mjs';
import { PRODUCT } from './product.mjs';
import { jsonOf } from './tools.mjs';

/** @typedef {import('./components.mjs').Component} Component */

/**
 * @param {object} inside
 * @param {readonly Component[]} inside.executable
 * @param {readonly Component[]} inside.node in the Node flavour
 * @param {readonly Component[]} inside.runtimes one for each platform, all of one version
 * @param {readonly Component[]} inside.fetched what npm brings besides when it installs the package
 * @param {readonly string[]} direct names of those that our own code asks for
 * @param {number} seconds
 */
export function billOfMaterials({ executable, node, runtimes, fetched }, direct, seconds) {
  const { name, version, summary, license } = PRODUCT;
  const ref = `pkg:npm/${name}@${version}`;
  const packages = distinct([...executable, ...node, ...runtimes, ...fetched]);
  const bun = runtimes[0] && bunComponent(runtimes[0].version);
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
    components: [...packages.map(componentOf), ...(bun ? [bun] : [])],
    dependencies: [
      { ref, dependsOn: refsOf([...direct, ...runtimes.map((runtime) => runtime.name)]) },
      ...packages.map((component) => ({ ref: purl(component), dependsOn: needsOf(component) })),
      ...(bun ? [{ ref: bun['bom-ref'], dependsOn: bun.components.map((part) => part['bom-ref']) }] : []),
    ],
  };
  return jsonOf({ ...content, serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}` });

  /** @param {Component} component */
  function componentOf(component) {
    return {
      type: runtimes.includes(component) ? 'platform' : 'library',
      'bom-ref': purl(component),
      name: component.name,
      version: component.version,
      ...(component.optional && !runtimes.includes(component) && { scope: 'optional' }),
      hashes: [{ alg: 'SHA-512', content: sha512(component) }],
      // In the package's own words: what a runtime links stands at Bun.
      licenses: [{ license: { id: component.license, acknowledgement: 'declared' } }],
      purl: purl(component),
      properties: [{ name: 'flavour', value: flavoursOf(component) }],
    };
  }

  /** @param {Component} component */
  function needsOf(component) {
    return bun && runtimes.includes(component) ? [bun['bom-ref']] : refsOf(component.dependencies);
  }

  /** @param {readonly string[]} names @returns {string[]} of those that are inside */
  function refsOf(names) {
    return packages.filter((component) => names.includes(component.name)).map(purl);
  }

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

/** With what it links, nested. @param {string} version */
function bunComponent(version) {
  const ref = `pkg:github/oven-sh/bun@bun-v${version}`;
  return {
    ...{ type: 'platform', 'bom-ref': ref, name: 'bun', version, purl: ref },
    licenses: [{ license: { id: 'MIT' } }],
    components: bunParts(version).map((part) => ({
      type: 'library',
      'bom-ref': `${ref}#${part.name}`,
      name: part.name,
      ...(part.version && { version: part.version }),
      ...(part.note && { description: part.note }),
      licenses: [{ expression: part.license }],
      copyright: part.copyright,
    })),
  };
}

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
