import { HttpsProxyAgent } from 'https-proxy-agent';
import { describe, expect, it } from 'vitest';
import { createHttp } from '../../src/http.ts';
import { agentFor } from '../../src/http-agent-node.ts';

/** The transport that a runtime gives, where nothing comes of it. */
function askWith(error: object) {
  const fetch = async () => {
    throw error;
  };
  const http = createHttp(async () => ({ fetch, options: {} }));
  return http({ method: 'GET', url: 'https://iam.example', headers: {}, timeoutMs: 10_000 });
}

describe('what stands in the way', () => {
  it.each(['ECONNRESET', 'EAI_AGAIN'])('may be gone in a second: %s', async (code) => {
    await expect(askWith({ code })).rejects.toMatchObject({ code: 'unreachable', transient: true });
  });

  // The last two: HTTPS_PROXY names none, in Bun's words and in Node's.
  it.each(['ENOTFOUND', 'ECONNREFUSED', 'CERT_HAS_EXPIRED', 'UnsupportedProxyProtocol', 'ERR_INVALID_URL'])(
    'is the same in a second: %s',
    async (code) => {
      await expect(askWith({ code })).rejects.toMatchObject({ code: 'unreachable', transient: false });
    },
  );
});

it('says under Node which variable names authorities that cannot be read', () => {
  const named = { SSL_CERT_FILE: '/nonexistent/ca.pem' };
  expect(() => agentFor(new URL('https://iam.example'), false, named)).toThrow(
    'SSL_CERT_FILE names /nonexistent/ca.pem, which cannot be read (ENOENT)',
  );
  const folder = { NODE_EXTRA_CA_CERTS: '/' };
  expect(() => agentFor(new URL('https://iam.example'), false, folder)).toThrow(
    'NODE_EXTRA_CA_CERTS names /, which cannot be read (EISDIR)',
  );
});

it.each(['proxy.example:3128', '127.0.0.1:3128', 'http://proxy.example:3128'])(
  'takes the proxy %s under Node too, with a scheme or without',
  (value) => {
    const agent = agentFor(new URL('https://iam.example'), false, { HTTPS_PROXY: value });
    expect(agent).toBeInstanceOf(HttpsProxyAgent);
    expect((agent as HttpsProxyAgent<string>).proxy.host).toBe(value.replace('http://', ''));
  },
);
