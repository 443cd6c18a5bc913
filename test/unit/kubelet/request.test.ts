import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../../src/kubelet/request.ts';

const REQUEST = {
  kind: 'CredentialProviderRequest',
  apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
  image: 'us.icr.io/ns/app',
};

describe('a CredentialProviderRequest', () => {
  it('is read, with what the kubelet knows of the service account', () => {
    expect(parseRequest(JSON.stringify(REQUEST))).toEqual({
      image: 'us.icr.io/ns/app',
      serviceAccountAnnotations: {},
    });
    const more = { serviceAccountToken: 'secret', serviceAccountAnnotations: { 'a/b': 'c' }, later: 1 };
    const parsed = parseRequest(JSON.stringify({ ...REQUEST, ...more }));
    expect(parsed.serviceAccountToken?.reveal()).toBe('secret');
    expect(parsed.serviceAccountAnnotations).toEqual({ 'a/b': 'c' });
  });

  it('may have null for what it has not', () => {
    const nothing = { serviceAccountToken: null, serviceAccountAnnotations: null };
    expect(parseRequest(JSON.stringify({ ...REQUEST, ...nothing }))).toEqual({
      image: 'us.icr.io/ns/app',
      serviceAccountAnnotations: {},
    });
  });

  it.each([
    ['', 'not JSON'],
    ['[]', 'not a JSON object'],
    [JSON.stringify({ ...REQUEST, kind: 'Pod' }), 'no CredentialProviderRequest'],
    [JSON.stringify({ ...REQUEST, apiVersion: 'credentialprovider.kubelet.k8s.io/v1beta1' }), 'not of'],
    [JSON.stringify({ ...REQUEST, apiVersion: 'v1' }), 'not of'],
    [JSON.stringify({ ...REQUEST, image: undefined }), 'names no image'],
    [JSON.stringify({ ...REQUEST, image: 1 }), 'names no image'],
    [JSON.stringify({ ...REQUEST, image: '' }), 'names no image'],
    [JSON.stringify({ ...REQUEST, serviceAccountToken: ['x'] }), 'not a string'],
    [JSON.stringify({ ...REQUEST, serviceAccountAnnotations: { a: 1 } }), 'not a map'],
    [JSON.stringify({ ...REQUEST, serviceAccountAnnotations: 'a' }), 'not a map'],
  ])('%s is refused', (input, message) => {
    expect(() => parseRequest(input)).toThrow(message);
  });
});
