import { isInOutputs } from './describe-path.ts'
import type { Path } from './path.ts'

/** Where a key of another tool can be written. */
type Part = 'asset' | 'defaults' | 'style' | 'output'

/** What to write instead of a key of another tool. */
type Advice = Partial<Record<Part, string>>

const shapeOfPicture =
  'Set `size`, for example `size: 1536x1024`; by default it fits the shape of the outputs.'
const candidates = 'Set `candidates` to request several pictures and choose one.'
const format: Advice = {
  asset: 'Set `formats` of an output, or `format` for the picture that the model returns.',
  defaults: 'Set `format`.',
  output: 'Set `formats`, for example `formats: [avif, webp]`.',
}
const avoid: Advice = {
  style: 'Set `avoid`, for example `avoid: text, watermark`.',
  asset: 'Set `avoid` of a style, for example `avoid: text, watermark`, or say it in the prompt.',
  defaults: 'Set `avoid` of a style, for example `avoid: text, watermark`.',
}
const inputs =
  'Set `edit: { image: … }` to change a picture, or `references` to send some with the prompt.'
const text: Advice = {
  asset: 'Set `prompt` to what the picture shows, and `alt` to its alternative text.',
  style: 'Set `prepend` or `append`: the text before or after each prompt.',
}
const place =
  'Limn names the files after the asset; `out` at the top of the manifest sets their folder.'

/** Keys of other tools and APIs, in lower case without `_` and `-`, by what to write instead. */
const advices: readonly (readonly [advice: Advice, keys: string])[] = [
  [avoid, 'negativeprompt negative negprompt exclude'],
  [
    { asset: shapeOfPicture, defaults: shapeOfPicture, output: 'Set `width` and `height`.' },
    'aspectratio aspect ratio imagesize imageratio resolution dimensions dimension outputsize',
  ],
  [
    {
      asset:
        'Set `size: 1536x1024` for the picture that is requested, or `outputs: [{ width: 640, height: 360 }]` for a file.',
      defaults: 'Set `size: 1536x1024`.',
    },
    'width height w h',
  ],
  [
    { asset: candidates, defaults: 'Set `candidates` of an asset.' },
    'n numimages numoutputs numberofimages numresults numsamples batchsize batchcount imagecount samples count variants',
  ],
  [format, 'outputformat imageformat fileformat responseformat mimetype extension ext type'],
  [
    { asset: 'Set `model`.', defaults: 'Set `model`.' },
    'modelid modelname modelversion engine checkpoint deployment',
  ],
  [
    { asset: 'Set `style`: `limn styles` lists the built-in ones.' },
    'stylepreset artstyle presetstyle stylename styleid',
  ],
  [
    { asset: inputs },
    'image images inputimage inputimages initimage imageurl imageurls imageprompt referenceimage referenceimages refimages controlimage',
  ],
  [{ asset: 'Set `edit: { image: …, mask: … }`.' }, 'mask maskimage maskurl'],
  [
    { asset: 'Set `background: transparent`.', defaults: 'Set `background: transparent`.' },
    'transparent transparency transparentbackground nobackground removebackground',
  ],
  [{ asset: 'Set `compression`.', defaults: 'Set `compression`.' }, 'outputcompression'],
  [{ asset: 'Set `fidelity`.' }, 'inputfidelity imagestrength'],
  [{ asset: 'Set `partials`.', defaults: 'Set `partials`.' }, 'partialimages stream'],
  [{ style: text.style! }, 'prompt'],
  [{ output: 'Set `width` and `height`.' }, 'size'],
  [{ output: format.output! }, 'format'],
  [text, 'text description desc title caption promptprefix promptsuffix prefix suffix'],
  [
    { asset: place, output: 'Set `name`.' },
    'file filename path output outputpath outputfile outputdir dest destination out folder url',
  ],
]

/** Settings of diffusion models, which no request of the Images API has. */
const MODEL_SETTINGS = new Set(
  'seed seeds steps numsteps numinferencesteps inferencesteps samplingsteps guidance guidancescale cfg cfgscale cfgrescale sampler samplername scheduler strength promptstrength denoise denoisingstrength clipskip clipguidancepreset eta lora loras loraweights lorascale controlnet controlnets refiner highnoisefrac upscale upscaler hiresfix tiling safetychecker enablesafetychecker safetytolerance promptupsampling enhanceprompt magicprompt magicpromptoption personality stylize chaos weird vae embeddings'.split(
    ' ',
  ),
)

const adviceByKey: ReadonlyMap<string, Advice> = new Map(
  advices.flatMap(([advice, keys]) => keys.split(' ').map((key) => [key, advice] as const)),
)

/**
 * Returns what to write instead of a key that another tool has, or that its setting does not exist;
 * `undefined` for any other key.
 *
 * @param path path of the map that has the key
 */
export function explainForeignKey(key: string, path: Path): string | undefined {
  const part = partOf(path)
  if (part === undefined) return undefined
  const plain = key.toLowerCase().replace(/[_\- ]/g, '')
  if (MODEL_SETTINGS.has(plain) && part !== 'output' && part !== 'style') {
    return `Remove it: Limn has no such setting. If the server takes it, set \`body: { ${key}: … }\` of its entry in \`providers\`.`
  }
  return adviceByKey.get(plain)?.[part]
}

function partOf(path: Path): Part | undefined {
  if (isInOutputs(path) || (path[0] === 'presets' && path.length === 2)) return 'output'
  if (path[0] === 'defaults' && path.length === 1) return 'defaults'
  if (path.length !== 2) return undefined
  if (path[0] === 'assets') return 'asset'
  return path[0] === 'styles' ? 'style' : undefined
}
