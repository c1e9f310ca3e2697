import { parseRemoteAddress } from '../../models/remote-address.ts'
import { isNearby } from './address-rules.ts'
import type { Checked, Report } from './rule.ts'

const HINT =
  'Write it like s3://bucket/prefix, https://cache.example.com/limn, or as the path of a folder.'

/** Checks where the remote store is. */
export function checkRemote({ file: { remote } }: Checked, report: Report): void {
  if (remote === undefined) return
  const { url, endpoint, region, pathStyle } = remote
  const parsed = parseRemoteAddress(url)
  if ('problem' in parsed) {
    const message = `The \`url\` of the remote store ${parsed.problem}.`
    report({ code: 'remote', path: ['remote', 'url'], message, hint: HINT })
    return
  }
  const { address } = parsed
  if (address.kind === 'http') reportPlainHttp(address.url, 'url', report)
  if (address.kind === 's3' && endpoint !== undefined) reportEndpoint(endpoint, report)
  const given = { endpoint, region, pathStyle }
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || address.kind === 's3') continue
    report({
      code: 'remote',
      path: ['remote', key],
      part: 'key',
      message: `\`${key}\` is only for a store whose \`url\` starts with s3://.`,
      hint: `Remove \`${key}\`.`,
    })
  }
}

function reportEndpoint(endpoint: string, report: Report): void {
  const parsed = parseRemoteAddress(endpoint)
  if ('address' in parsed && parsed.address.kind === 'http') {
    reportPlainHttp(parsed.address.url, 'endpoint', report)
    return
  }
  const problem = 'problem' in parsed ? parsed.problem : 'does not start with https:// or http://'
  report({
    code: 'remote',
    path: ['remote', 'endpoint'],
    message: `The \`endpoint\` of the remote store ${problem}.`,
    hint: 'Write it like https://ACCOUNT.r2.cloudflarestorage.com.',
  })
}

function reportPlainHttp(url: string, key: string, report: Report): void {
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'http:' || isNearby(hostname)) return
  report({
    code: 'remote',
    path: ['remote', key],
    message: 'Prompts, pictures and credentials would be sent over plain http.',
    hint: 'Use https:// instead; http is only for servers on this machine or network.',
  })
}
