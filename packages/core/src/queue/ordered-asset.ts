import type { Asset, RequestSettings } from '../manifest/manifest.ts'
import type { Job } from './job.ts'

/**
 * Returns the asset of a job as far as a request and its price depend on it. A worker knows no
 * other part of it.
 */
export function assetOf({ asset: name, request, inputs, images }: Job): Asset {
  const place = { file: '', line: 1, column: 1, length: 0 }
  const {
    operation,
    prompt,
    model,
    size,
    quality,
    background,
    format,
    inputs: _,
    ...rest
  } = request
  return {
    name,
    key: name,
    family: null,
    source: null,
    ownPrompt: prompt,
    staleOk: 'no',
    operation,
    inputs: inputs.map(({ role }) => ({ role, kind: 'file', target: '', place })),
    prompt,
    promptOrigins: [],
    varOrigins: [],
    model,
    size,
    isSizeAuto: false,
    quality,
    background,
    format,
    settings: rest satisfies RequestSettings,
    settingOrigins: {},
    partials: null,
    candidates: images,
    expect: null,
    attempts: 1,
    picksBest: false,
    alt: '',
    isAltSuggested: false,
    isDecorative: true,
    outputs: [],
    place,
    row: null,
  }
}
