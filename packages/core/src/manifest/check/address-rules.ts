import { isIP } from 'node:net'
import type { ProviderFile } from '../manifest-file.ts'
import type { Report } from './rule.ts'

/** Checks where a provider's server is reached. */
export function checkAddress(
  name: string,
  { server = 'openai', baseURL }: ProviderFile,
  report: Report,
): void {
  const hint = baseURL === undefined ? missingAddressHint(server) : undefined
  if (hint !== undefined) {
    report({
      code: 'provider',
      path: ['providers', name],
      part: 'key',
      message: `"${name}" has no \`baseURL\`.`,
      hint,
    })
  }
  if (baseURL === undefined) return
  for (const check of [explainInvalidURL, explainQuery, explainPlainHttp]) {
    const wording = check(baseURL)
    if (wording !== undefined) {
      report({ code: 'provider', path: ['providers', name, 'baseURL'], ...wording })
    }
  }
  if (server === 'ai-sdk') {
    report({
      code: 'provider',
      path: ['providers', name, 'baseURL'],
      message: 'A model of the AI SDK has its own URL.',
      hint: 'Remove `baseURL`, and set the URL where limn.config.ts creates the model.',
    })
  }
}

/** Tells what to add where a server has no default address; `undefined` if it has one. */
function missingAddressHint(server: string): string | undefined {
  if (server === 'azure') {
    return 'Add the URL of your Azure resource, for example https://NAME.openai.azure.com.'
  }
  return server === 'new-api'
    ? 'Add the URL of the relay, for example https://relay.example.com/v1.'
    : undefined
}

type Wording = { message: string; hint: string }

function explainInvalidURL(baseURL: string): Wording | undefined {
  return URL.canParse(baseURL)
    ? undefined
    : {
        message: `"${baseURL}" is not a URL.`,
        hint: 'Write it like https://images.example.com/v1.',
      }
}

function explainQuery(baseURL: string): Wording | undefined {
  const url = URL.parse(baseURL)
  return url === null || (url.search === '' && url.hash === '')
    ? undefined
    : {
        message: `"${baseURL}" continues after the path, with ? or #.`,
        hint: 'Remove that part: Limn appends to the path.',
      }
}

function explainPlainHttp(baseURL: string): Wording | undefined {
  const url = URL.parse(baseURL)
  return url?.protocol !== 'http:' || isNearby(url.hostname)
    ? undefined
    : {
        message: 'The key would be sent over plain http.',
        hint: 'Use https:// instead; http is only for servers on this machine or network.',
      }
}

/** Whether a host is this machine or in its own network. */
export function isNearby(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 4) return /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(host)
  if (isIP(host) === 6) return host === '::1' || /^f[cd]|^fe[89ab]/.test(host)
  return !host.includes('.') || /\.(localhost|local|internal)$/.test(host)
}
