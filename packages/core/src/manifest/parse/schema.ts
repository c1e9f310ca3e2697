import { z } from 'zod'
import { DEFAULT_JUDGE_MODEL, type JudgePrice } from '../../models/judges.ts'
import {
  type BalanceFile,
  type BudgetFile,
  type CurrencyFile,
  type EmitFile,
  emitForms,
  type IncludedFile,
  type JudgeFile,
  type ManifestFile,
  type RemoteFile,
} from '../manifest-file.ts'
import { assetSchema } from './asset-schema.ts'
import { presetSchema } from './output-schema.ts'
import { policySchema } from './policy-schema.ts'
import { limitsSchema, providerSchema } from './providers-schema.ts'
import { defaultsSchema, profileSchema, varsSchema } from './request-schema.ts'
import type { ShapeOf } from './shape-of.ts'
import { styleSchema } from './style-schema.ts'
import type { Suggestions } from './suggestions.ts'

/*
 * The one description of `images.yaml`: it gives the validation and the JSON Schema that editors
 * show. Every key has a description.
 */

const providerName = z
  .string()
  .min(1)
  .meta({
    description: 'The provider that generates pictures.',
    suggest: { local: 'Embedded: offline and free.', openai: "OpenAI's Images API." },
    examples: ['openai'],
  })

const balanceSchema: z.ZodObject<ShapeOf<BalanceFile>, z.core.$strict> = z.strictObject({
  balance: z
    .array(providerName)
    .min(2)
    .max(10)
    .meta({
      description:
        'Providers that share the work: each request goes to the one with the most capacity left. When one fails, the others take over.',
      examples: [['first', 'second']],
    }),
} satisfies ShapeOf<BalanceFile>)

const usd = z.number().min(0).max(1e6)

const budgetSchema: z.ZodObject<ShapeOf<BudgetFile>, z.core.$strict> = z.strictObject({
  run: usd
    .optional()
    .meta({
      description: 'Limit for one run, USD. --max-cost applies in addition.',
      examples: [2],
    }),
  month: usd
    .optional()
    .meta({
      description:
        'Limit for all runs of a calendar month (UTC) on this machine, in all copies of the project, USD.',
      examples: [20],
    }),
  confirm: usd
    .optional()
    .meta({
      description: 'A run that may cost more than this asks for confirmation, USD. Default 1.',
      examples: [0.5],
    }),
} satisfies ShapeOf<BudgetFile>)

const perMillion = z.number().min(0).max(10_000)

const judgeSchema: z.ZodObject<ShapeOf<JudgeFile>, z.core.$strict> = z.strictObject({
  provider: providerName
    .optional()
    .meta({
      description: 'The provider of the judge: openai (the default), or a name from `providers`.',
      default: 'openai',
      examples: ['openai'],
    }),
  model: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: `A model that sees pictures. Default for OpenAI: ${DEFAULT_JUDGE_MODEL}.`,
      examples: [DEFAULT_JUDGE_MODEL],
    }),
  price: z
    .strictObject({
      input: perMillion.meta({ description: 'USD per million input tokens.', examples: [0.1] }),
      output: perMillion.meta({ description: 'USD per million output tokens.', examples: [0.5] }),
    } satisfies ShapeOf<JudgePrice>)
    .optional()
    .meta({
      description: 'Price of a model that Limn does not know.',
      examples: [{ input: 0.1, output: 0.5 }],
    }),
} satisfies ShapeOf<JudgeFile>)

const currencySchema: z.ZodObject<ShapeOf<CurrencyFile>, z.core.$strict> = z.strictObject({
  code: z
    .string()
    .regex(/^[A-Z]{3}$/, 'Write the three letters of a currency, for example CNY.')
    .meta({ description: 'Three-letter code of the currency to show.', examples: ['CNY'] }),
  perUsd: z
    .number()
    .positive()
    .max(1e6)
    .meta({ description: 'Price of one US dollar in this currency.', examples: [7.1] }),
} satisfies ShapeOf<CurrencyFile>)

const remoteSchema: z.ZodObject<ShapeOf<RemoteFile>, z.core.$strict> = z.strictObject({
  url: z
    .string()
    .min(1)
    .meta({
      description:
        'The store: s3://bucket/prefix, a base URL https://…, or a folder, relative to the manifest or absolute.',
      examples: ['s3://my-team/limn', 'https://cache.example.com/limn', '../limn-cache'],
    }),
  endpoint: z
    .url()
    .optional()
    .meta({
      description:
        'Server of a service that is compatible with S3, such as R2, MinIO, B2 or GCS. Default: AWS.',
      examples: ['https://ACCOUNT.r2.cloudflarestorage.com'],
    }),
  region: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'Region of the bucket. Default: AWS_REGION, or auto with an endpoint.',
      examples: ['eu-central-1'],
    }),
  pathStyle: z
    .boolean()
    .optional()
    .meta({
      description:
        'Whether the bucket is a part of the path, not of the host name. Default: true with an endpoint.',
      examples: [true],
    }),
  required: z
    .boolean()
    .optional()
    .meta({
      description:
        "true: Limn pays for no picture while the store can't be asked whether it has it.",
      default: false,
      examples: [true],
    }),
} satisfies ShapeOf<RemoteFile>)

/** Keys that every file of a manifest can have. */
const shared = {
  defaults: defaultsSchema
    .optional()
    .meta({
      description: 'Settings of every asset that does not override them.',
      examples: [{ model: 'gpt-image-2.5-flare', quality: 'medium' }],
    }),
  vars: varsSchema.optional(),
  profiles: z
    .record(z.string(), profileSchema)
    .optional()
    .meta({
      description: 'Overrides for a whole run: limn generate --profile NAME.',
      examples: [{ draft: { quality: 'low' } }],
    }),
  styles: z
    .record(z.string(), styleSchema)
    .optional()
    .meta({
      description: 'Building blocks of prompts by name.',
      examples: [{ brand: { append: 'Warm palette.' } }],
    }),
  presets: z
    .record(z.string(), presetSchema)
    .optional()
    .meta({
      description: 'Your own output rules by name, in addition to the built-in ones.',
      examples: [{ card: { width: 640, height: 360 } }],
    }),
  assets: z
    .record(z.string(), assetSchema)
    .meta({
      description: 'The pictures by name.',
      examples: [{ hero: { prompt: 'A lighthouse at dawn', alt: 'A lighthouse' } }],
    }),
}

const emitSchema: z.ZodObject<ShapeOf<EmitFile>, z.core.$strict> = z.strictObject({
  file: z
    .string()
    .min(1)
    .meta({
      description: 'The file to write, relative to the manifest: .ts, .mts, .js, .mjs or .json.',
      examples: ['src/pictures.ts'],
    }),
  as: z
    .enum(emitForms)
    .optional()
    .meta({
      description:
        'How the module refers to files: imports, which a bundler resolves, or urls. Default: urls if `out` is in public or static, or if there is a `base`.',
      examples: ['imports'],
    }),
  base: z
    .string()
    .regex(
      /^(?:https?:\/\/)?[^\s,"'<>:]*(?::\d+)?[^\s,"'<>:]*$/,
      'Write a URL without spaces, commas and quotes.',
    )
    .optional()
    .meta({
      description: 'URL of the `out` folder. Default: its path after public or static.',
      examples: ['/images', 'https://cdn.example.com/images'],
    }),
} satisfies ShapeOf<EmitFile>)

const version = z.literal(1).meta({ description: 'Version of this file format.', default: 1 })

/** `images.yaml`. */
export const manifestSchema: z.ZodObject<ShapeOf<ManifestFile>, z.core.$strict> = z
  .strictObject({
    version,
    include: z
      .array(z.string().min(1))
      .max(1000)
      .optional()
      .meta({
        description:
          'More files with assets, styles, presets and profiles, for example campaigns/*.yaml, relative to the manifest. Names are unique over all files. The `defaults` and `vars` of a file apply to its own assets, and its paths are relative to its folder.',
        examples: [['campaigns/*.yaml']],
      }),
    provider: z
      .union([providerName, z.array(providerName).min(1).max(10), balanceSchema])
      .optional()
      .meta({
        description:
          'The provider that generates pictures: local (offline, free, the default), openai, or a name from `providers`. In a list, Limn falls back to the next provider when one fails. Those of `balance` share the work.',
        default: 'local',
        examples: ['openai', ['relay', 'openai'], { balance: ['first', 'second'] }],
      }),
    providers: z
      .record(
        z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'Use small letters, digits and -.'),
        providerSchema,
      )
      .optional()
      .meta({
        description: 'Servers that generate pictures, by name.',
        examples: [{ relay: { baseURL: 'https://relay.example.com/v1' } }],
      }),
    limits: limitsSchema.optional(),
    budget: budgetSchema
      .optional()
      .meta({
        description: 'Spending limits. A run stops before the request that would exceed one.',
        examples: [{ run: 2, month: 20 }],
      }),
    judge: judgeSchema
      .optional()
      .meta({
        description: 'The vision model that examines pictures and suggests alt texts.',
        examples: [{ provider: 'openai', model: DEFAULT_JUDGE_MODEL }],
      }),
    currency: currencySchema
      .optional()
      .meta({
        description: 'Currency of the prices that Limn shows. Limits stay in USD.',
        examples: [{ code: 'CNY', perUsd: 7.1 }],
      }),
    remote: remoteSchema
      .optional()
      .meta({
        description:
          'A store that the machines of a team share: pictures that one of them has paid for are paid for only once.',
        examples: [{ url: 's3://my-team/limn' }],
      }),
    policy: policySchema
      .optional()
      .meta({
        description: 'What limn check enforces in addition.',
        examples: [{ models: ['gpt-image-2.5-*'], maxCost: 2, require: ['alt'] }],
      }),
    masters: z
      .enum(['git', 'remote'])
      .optional()
      .meta({
        description:
          'Where masters are kept: git, in the repo (the default), or remote, only in the remote store; add images/ to .gitignore then.',
        default: 'git',
      }),
    out: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          'Folder of the finished files, DIR/<asset>/<preset>.<ext>. Default: they stay in the cache.',
        examples: ['public/images'],
      }),
    emit: z
      .union([z.string().min(1), emitSchema])
      .optional()
      .meta({
        description:
          'Module of all pictures in `out`, for bundlers and servers other than Vite: URLs, sizes and alt texts by name.',
        examples: ['src/pictures.ts', { file: 'src/pictures.ts', as: 'imports' }],
      }),
    provenance: z
      .enum(['on', 'off'])
      .optional()
      .meta({
        description: 'Whether outputs carry the IPTC mark of AI-generated media. Default on.',
        default: 'on',
      }),
    ...shared,
  } satisfies ShapeOf<ManifestFile>)
  .describe('The pictures of a project.')

/** A file that a manifest includes: without the keys that hold for the whole project. */
export const includedSchema: z.ZodType<IncludedFile> = z.strictObject({
  version,
  ...shared,
} satisfies ShapeOf<IncludedFile>)

/** Returns the JSON Schema (draft 2020-12) of `images.yaml`, for editors. */
export function createJsonSchema(): Record<string, unknown> {
  const { required = [], ...schema } = z.toJSONSchema(manifestSchema, {
    io: 'input',
    override: ({ jsonSchema }) => addSuggestions(jsonSchema),
  })
  // A manifest that includes others needs no assets of its own.
  return {
    title: 'Limn manifest',
    ...schema,
    required: required.filter((key) => key !== 'assets'),
    anyOf: [{ required: ['assets'] }, { required: ['include'] }],
  }
}

/**
 * Turns the `suggest` of a schema into names that editors offer, in addition to the rule for any
 * other name.
 */
function addSuggestions(schema: z.core.JSONSchema.BaseSchema): void {
  const suggestions = schema['suggest'] as Suggestions | undefined
  if (suggestions === undefined) return
  const { type, pattern, minLength } = schema
  for (const key of ['suggest', 'type', 'pattern', 'minLength']) delete schema[key]
  const enumDescriptions = Object.values(suggestions)
  const named = {
    enum: Object.keys(suggestions),
    ...(enumDescriptions.some((text) => text !== '') ? { enumDescriptions } : {}),
  }
  const other = Object.fromEntries(
    Object.entries({ type, pattern, minLength }).filter(([, value]) => value !== undefined),
  )
  schema.anyOf = [named, other]
}
