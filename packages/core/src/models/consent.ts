import { type Server, servers } from './servers.ts'

/** A key that is about to be sent to a server. */
export type KeyUse = {
  kind: 'key'
  /** The environment variable that contains the key. */
  variable: string
  /** Base URL of the server. */
  url: string
}

/** A program of the project that is about to be run. */
export type ConfigUse = { kind: 'config' }

/** A remote store that is about to receive prompts and pictures. */
export type RemoteUse = {
  kind: 'remote'
  /** What of its address is agreed to: a URL without white space, commas and a slash at its end. */
  target: string
}

/** A command that the manifest names, and that is about to be run. */
export type CommandUse = {
  kind: 'command'
  /** Digest of the command line, of its files, and of the names of its variables: 64 hex digits. */
  digest: string
}

/** What a user may have to agree to. */
export type TrustUse = KeyUse | ConfigUse | CommandUse | RemoteUse

/**
 * What a user has agreed to: to run `limn.config.ts` or a command, to use a remote store, or to
 * send a key to a host.
 */
export type Grant =
  | { kind: 'config' }
  | CommandUse
  | RemoteUse
  | {
      kind: 'key'
      variable: string
      /** As in a URL: lower case, IPv6 in brackets. */
      hostname: string
      /** `null` for any port. */
      port: string | null
    }

/** The grant to run the program of a project, whatever the ending of its file. */
const CONFIG_GRANT = 'limn.config.ts'

/** Ports of URLs that name none. */
const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/** Returns whether a key is for the host of a URL: the one of its own service, over https. */
export function isOwnHost(variable: string, url: string): boolean {
  const hosts = hostsOfKey(variable)
  return hosts !== null && isAtHost(hosts, url) && new URL(url).protocol === 'https:'
}

/** Returns the hosts of the service that a key is for; `null` if the key is of no known service. */
export function hostsOfKey(variable: string): readonly string[] | null {
  return Object.values<Server>(servers).find(({ key }) => key === variable)?.hosts ?? null
}

/** Returns whether the host of a URL is one of these or below one. */
export function isAtHost(hosts: readonly string[], url: string): boolean {
  if (!URL.canParse(url)) return false
  const { hostname } = new URL(url)
  return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`))
}

/** Returns whether a URL leads to this machine; `false` for text that is no URL. */
export function isThisMachine(url: string): boolean {
  if (!URL.canParse(url)) return false
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)
}

/** Returns whether something requires consent that none of the grants gives. */
export function needsConsent(use: TrustUse, grants: readonly Grant[]): boolean {
  if (use.kind === 'key' && isOwnHost(use.variable, use.url)) return false
  return !grants.some((grant) => covers(grant, use))
}

function covers(grant: Grant, use: TrustUse): boolean {
  if (grant.kind === 'config' || use.kind === 'config') return grant.kind === use.kind
  if (grant.kind === 'command' || use.kind === 'command') {
    return grant.kind === 'command' && use.kind === 'command' && grant.digest === use.digest
  }
  if (grant.kind === 'remote' || use.kind === 'remote') {
    return grant.kind === 'remote' && use.kind === 'remote' && isTargetIn(use.target, grant.target)
  }
  const { protocol, hostname, port } = new URL(use.url)
  return (
    grant.variable === use.variable &&
    grant.hostname === hostname &&
    (grant.port === null || grant.port === (port === '' ? defaultPorts[protocol] : port))
  )
}

/**
 * Whether a store is the one of a grant, or at a path below it on the same web server. A path that
 * a server may read as another one is below nothing.
 */
function isTargetIn(target: string, granted: string): boolean {
  if (target === granted) return true
  const rest = target.slice(granted.length)
  return (
    /^https?:/.test(granted) && target.startsWith(`${granted}/`) && !/%|\\|\/\.\.?(\/|$)/.test(rest)
  )
}

/** How the grant for a remote store starts. */
const REMOTE_GRANT = 'remote@'
/** How the grant for a command starts. */
const COMMAND_GRANT = 'command@'

/**
 * Parses `VARIABLE@host`, `VARIABLE@host:port`, `remote@URL`, `command@DIGEST` or `limn.config.ts`;
 * `undefined` for anything else, such as a host with a wildcard.
 */
export function parseGrant(text: string): Grant | undefined {
  if (/^limn\.config\.m?[jt]s$/.test(text)) return { kind: 'config' }
  const [, digest] = /^command@([0-9a-f]{64})$/.exec(text) ?? []
  if (digest !== undefined) return { kind: 'command', digest }
  const [, target] = /^remote@([a-z][a-z0-9+.-]*:\/\/[^\s,*]+?)\/*$/.exec(text) ?? []
  if (target !== undefined) return { kind: 'remote', target }
  const [, variable, host, port] =
    /^([A-Z][A-Z0-9_]*)@([\w.-]+|\[[\da-fA-F:.]+\])(?::(\d{1,5}))?$/.exec(text) ?? []
  if (variable === undefined || !URL.canParse(`http://${host}`)) return undefined
  return { kind: 'key', variable, hostname: new URL(`http://${host}`).hostname, port: port ?? null }
}

/** Parses a list that is separated by commas or spaces. Ignores entries that are not grants. */
export function parseGrants(text: string): Grant[] {
  return text.split(/[\s,]+/).flatMap((entry) => parseGrant(entry) ?? [])
}

/** Formats a grant as `parseGrant` reads it. */
export function formatGrant(grant: Grant): string {
  if (grant.kind === 'config') return CONFIG_GRANT
  if (grant.kind === 'command') return `${COMMAND_GRANT}${grant.digest}`
  if (grant.kind === 'remote') return `${REMOTE_GRANT}${grant.target}`
  return `${grant.variable}@${grant.hostname}${grant.port === null ? '' : `:${grant.port}`}`
}

/** Returns the narrowest grant for a use. A URL without a port becomes a grant for any port. */
export function grantFor(use: TrustUse): Grant {
  if (use.kind === 'config') return use
  if (use.kind === 'command') return { kind: 'command', digest: use.digest }
  if (use.kind === 'remote') return { kind: 'remote', target: use.target }
  const { hostname, port } = new URL(use.url)
  return { kind: 'key', variable: use.variable, hostname, port: port === '' ? null : port }
}
