import { fileURLToPath } from 'node:url';

/** Where scripts/kubernetes-tools.mjs puts them. */
const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/kubernetes-tools/', import.meta.url));

export const KUBECTL = `${FOLDER}kubectl/kubectl`;
export const HELM = `${FOLDER}helm/helm`;
