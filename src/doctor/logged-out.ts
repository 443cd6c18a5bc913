/** What to do where a registry is logged out: a login of another program lifts no logout. */
export function wayBack(host: string): string {
  return `run docker-credential-icr login, or docker-credential-icr configure ${host} to let what else is there answer again`;
}
