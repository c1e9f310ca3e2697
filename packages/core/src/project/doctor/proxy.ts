import { isProxyVariable, type ProviderEnvironment } from '../../providers/environment.ts'
import { describeProxy, type Proxy, proxyFor, ProxyFailure } from '../../providers/http/proxy.ts'
import { fail, type Finding, ok } from './finding.ts'
import type { ModelsAnswer } from './models-list.ts'

/** Checks the proxy through which a server is reached; no finding without any variable for one. */
export function examineProxy(
  answer: ModelsAnswer,
  { baseURL, env }: { baseURL: string; env: ProviderEnvironment },
): Finding[] {
  if (!Object.keys(env).some((name) => isProxyVariable(name) && env[name] !== '')) return []
  if (answer.kind === 'unreached' && answer.proxy !== undefined) {
    const { message, hint } = answer.proxy
    return [fail('proxy', message.replace(/\.$/, ''), hint)]
  }
  const { host } = new URL(baseURL)
  let proxy: Proxy | undefined
  try {
    proxy = proxyFor(new URL(baseURL), env)
  } catch (error) {
    if (!(error instanceof ProxyFailure)) throw error
    return [fail('proxy', error.message.replace(/\.$/, ''), error.hint)]
  }
  return [
    proxy === undefined
      ? ok('proxy', `none for ${host}, by the variables of the proxy`)
      : ok('proxy', `${describeProxy(proxy)} for ${host}`),
  ]
}
