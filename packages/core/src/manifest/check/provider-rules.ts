import { isIP } from 'node:net'
import { didYouMean } from '../../did-you-mean.ts'
import { modelById } from '../../models/models.ts'
import {
  type Inability,
  insteadOfBody,
  OPENAI_URL,
  type Server,
  servers,
  whatServerCannot,
} from '../../models/servers.ts'
import type { Asset } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import type { ProviderFile } from '../parse/providers-schema.ts'
import { findProfile } from '../resolve/profiles.ts'
import {
  builtInProviders,
  defaultModel,
  isMeantFor,
  resolveProviders,
  variableOf,
} from '../resolve/providers.ts'
import { pathOfField } from './model-rules.ts'
import type { Checked, Report } from './rule.ts'

/** Who draws: names that are known, servers that can be reached, keys that go where they belong. */
export function checkProviders(checked: Checked, report: Report): void {
  const { file } = checked
  checkNamed(checked, report)
  for (const [name, entry] of Object.entries(file.providers ?? {})) {
    checkAddress(name, entry, report)
    checkKey(name, entry, checked, report)
    checkBody(name, entry, report)
    checkLikes(name, entry, report)
  }
  checkModelIsNamed(checked, report)
}

/** The order of failover. */
function checkNamed({ file }: Checked, report: Report): void {
  const known = [...new Set([...builtInProviders, ...Object.keys(file.providers ?? {})])]
  const named = typeof file.provider === 'string' ? [file.provider] : (file.provider ?? [])
  for (const [index, name] of named.entries()) {
    const path = typeof file.provider === 'string' ? ['provider'] : ['provider', index]
    if (!known.includes(name)) {
      report({
        code: 'unknown-provider',
        path,
        message: `There is no provider "${name}".`,
        hint:
          didYouMean(name, known) ??
          `Write one of ${known.join(', ')}, or describe it below \`providers:\`.`,
      })
    }
    if (named.indexOf(name) < index) {
      report({
        code: 'provider',
        path,
        message: `"${name}" stands here twice.`,
        hint: 'Take one of them out.',
      })
    }
    if (name === 'local' && named.length > 1) {
      report({
        code: 'provider',
        path,
        message:
          'The local provider never takes the place of another: it would draw a stand-in for a picture.',
        hint: 'Take it out of the list.',
      })
    }
  }
}

/** Where a server is asked. */
function checkAddress(
  name: string,
  { server = 'openai', baseURL }: ProviderFile,
  report: Report,
): void {
  const path = ['providers', name]
  if (name === 'local') {
    report({
      code: 'provider',
      path,
      part: 'key',
      message: 'The local provider is embedded: nothing of it can be changed.',
      hint: 'Choose another name.',
    })
  }
  if (server === 'azure' && baseURL === undefined) {
    report({
      code: 'provider',
      path,
      part: 'key',
      message: `"${name}" has no \`baseURL\`: every Azure resource has its own.`,
      hint: 'Write it as https://NAME.openai.azure.com.',
    })
  }
  if (server === 'new-api' && baseURL === undefined) {
    report({
      code: 'provider',
      path,
      part: 'key',
      message: `"${name}" has no \`baseURL\`.`,
      hint: 'Write where the relay is reached, as https://relay.example.com/v1.',
    })
  }
  const url = baseURL === undefined || !URL.canParse(baseURL) ? undefined : new URL(baseURL)
  if (baseURL !== undefined && url === undefined) {
    report({
      code: 'provider',
      path: [...path, 'baseURL'],
      message: `"${baseURL}" is no URL.`,
      hint: 'Write it as https://images.example.com/v1.',
    })
  }
  if (url !== undefined && (url.search !== '' || url.hash !== '')) {
    report({
      code: 'provider',
      path: [...path, 'baseURL'],
      message: `"${baseURL}" goes on after the path, with ? or #.`,
      hint: 'Write it without: what comes behind is put after the path.',
    })
  }
  if (url?.protocol === 'http:' && !isNearby(url.hostname)) {
    report({
      code: 'provider',
      path: [...path, 'baseURL'],
      message: 'The key would be sent over plain http.',
      hint: 'Write https:// instead; http is for servers on this machine or network.',
    })
  }
  if (server === 'ai-sdk' && baseURL !== undefined) {
    report({
      code: 'provider',
      path: [...path, 'baseURL'],
      message: 'A model of the AI SDK knows by itself where it is asked.',
      hint: 'Take it out, and set the URL where limn.config.ts makes the model.',
    })
  }
}

/** A key goes only to the server that it is meant for. */
function checkKey(
  name: string,
  { server = 'openai', key }: ProviderFile,
  { file }: Checked,
  report: Report,
): void {
  const path = ['providers', name]
  const [settings] = resolveProviders({ ...file, provider: name }, undefined)
  const target =
    settings === undefined || server === 'ai-sdk'
      ? null
      : (settings.baseURL ?? (server === 'openai' ? OPENAI_URL : null))
  if (
    settings !== undefined &&
    target !== null &&
    URL.canParse(target) &&
    !isMeantFor(settings.key, target)
  ) {
    const own = variableOf(name) === settings.key ? variableOf(`my-${name}`) : variableOf(name)
    report({
      code: 'provider-key',
      path: key === undefined ? [...path, 'baseURL'] : [...path, 'key'],
      message: `${settings.key} is meant for ${ownerOf(settings.key)}, and would be sent to ${new URL(target).hostname}.`,
      hint: `Keep that server's key in a variable of its own, as \`key: ${own}\`.`,
    })
  }
}

function checkBody(
  name: string,
  { server = 'openai', body = {} }: ProviderFile,
  report: Report,
): void {
  for (const field of Object.keys(body)) {
    const instead = insteadOfBody(field, server)
    if (instead !== undefined) {
      report({
        code: 'provider-body',
        path: ['providers', name, 'body', field],
        part: 'key',
        message: `\`${field}\` is Limn's own to send: the lock and the price would not know of this one.`,
        hint: instead,
      })
    }
  }
}

function checkLikes(name: string, { models = {} }: ProviderFile, report: Report): void {
  for (const [id, { like }] of Object.entries(models)) {
    if (like !== undefined && !modelById.has(like)) {
      report({
        code: 'unknown-model',
        path: ['providers', name, 'models', id, 'like'],
        message: `Limn does not know the model "${like}".`,
        hint:
          didYouMean(like, modelById.keys()) ??
          'Name one that it knows, or leave `like` out and say what the model can do.',
      })
    }
  }
}

/** Not every server has a model that goes without saying. */
function checkModelIsNamed({ file, manifest, scopes, profile }: Checked, report: Report): void {
  const [first] = manifest.providers
  if (first === undefined || defaultModel(first) !== undefined) return
  const profiled = profile === undefined ? undefined : findProfile(profile, file).model
  for (const { key, source } of manifest.assets) {
    const own =
      profiled ??
      file.assets[key]?.model ??
      scopes.map(({ defaults }) => defaults.model).find((model) => model !== undefined)
    if (source !== null || own !== undefined) continue
    report({
      code: 'no-model',
      path: ['providers', first.name],
      part: 'key',
      message: `No model is named, and "${first.name}" has none that goes without saying.`,
      hint: 'Write `defaults: { model: NAME }` with a model that it serves.',
    })
    return
  }
}

/**
 * What the server that is asked first can't do, whatever the model. Others are passed over for what
 * they can't.
 */
export function checkServerAbilities(
  { file, manifest, scopeOf, profile }: Checked,
  report: Report,
): void {
  const [first] = manifest.providers
  if (first === undefined || first.server === 'local' || first.server === 'ai-sdk') return
  for (const asset of manifest.assets) {
    if (asset.source !== null) continue
    for (const { part, cannot } of whatServerCannot(first.quirks, asset)) {
      const path =
        part === 'format' || part === 'background'
          ? pathOfField({ file, scopeOf, profile }, asset, part)
          : pathOfInputs(asset, part)
      report({
        code: 'server',
        path,
        part: part === 'inputs' || part === 'mask' ? 'key' : 'value',
        message: `${first.name} ${cannot}.`,
        hint: 'Leave it out, or ask another server: `provider` names who draws.',
      })
    }
  }
}

function pathOfInputs({ key, operation, inputs }: Asset, part: Inability['part']): Path {
  if (part === 'mask') return ['assets', key, 'edit', 'mask']
  return [
    'assets',
    key,
    operation === 'variation'
      ? 'variation'
      : inputs.some(({ role }) => role === 'image')
        ? 'edit'
        : 'references',
  ]
}

/** Who a key is for, as people call them. */
function ownerOf(key: string): string {
  if (key === servers.openai.key) return 'OpenAI'
  return Object.values<Server>(servers)
    .find((server) => server.key === key)!
    .hosts!.join(' and ')
}

/** Whether a host is this machine or on its own network. */
function isNearby(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 4) return /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(host)
  if (isIP(host) === 6) return host === '::1' || /^f[cd]|^fe[89ab]/.test(host)
  return !host.includes('.') || /\.(localhost|local|internal)$/.test(host)
}
