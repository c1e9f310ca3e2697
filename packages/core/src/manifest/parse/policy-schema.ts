import { z } from 'zod'
import type { AcknowledgementFile, PolicyFile } from '../manifest-file.ts'
import { policyCodes, requirements } from '../policy-codes.ts'
import type { ShapeOf } from './shape-of.ts'

/*
 * `policy`: what `limn check` enforces.
 */

const names = z.array(z.string().min(1)).min(1)

const acknowledgementSchema: z.ZodObject<
  ShapeOf<AcknowledgementFile>,
  z.core.$strict
> = z.strictObject({
  finding: z
    .enum(policyCodes)
    .meta({ description: 'The kind of finding that is accepted.', examples: ['model'] }),
  for: names
    .optional()
    .meta({
      description:
        'The assets, or those below them, or the pages that it is accepted for. Default: every finding of this kind.',
      examples: [['hero', 'campaigns/spring']],
    }),
  reason: z
    .string()
    .regex(/\S/, 'Say why the finding is accepted.')
    .meta({
      description: 'Why the finding is accepted.',
      examples: ['Only this model draws legible text.'],
    }),
  until: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'Write a day like 2027-01-31.')
    .optional()
    .meta({
      description: 'The last day (UTC) on which it is accepted. Default: no end.',
      examples: ['2027-01-31'],
    }),
} satisfies ShapeOf<AcknowledgementFile>)

export const policySchema: z.ZodObject<ShapeOf<PolicyFile>, z.core.$strict> = z.strictObject({
  models: names
    .optional()
    .meta({
      description: 'Models that may be used; * stands for any text. Default: all.',
      examples: [['gpt-image-2.5-*']],
    }),
  providers: names
    .optional()
    .meta({
      description: 'Providers that may be used, by name; * stands for any text. Default: all.',
      examples: [['openai']],
    }),
  maxCost: z
    .number()
    .min(0)
    .max(1e6)
    .optional()
    .meta({
      description:
        'What the pictures of a branch may cost, USD: those that it has paid for, and those that a run would still request. Checked by limn check --base REF.',
      examples: [2],
    }),
  maxPageBytes: z
    .int()
    .min(1)
    .optional()
    .meta({
      description:
        'Bytes of pictures that a page may load: the largest file for pages of each of its pictures.',
      examples: [500_000],
    }),
  pages: z
    .record(z.string().min(1), names)
    .optional()
    .meta({
      description:
        'The pictures of each page, for maxPageBytes: assets, or those below them. A picture of no page is a page of its own.',
      examples: [{ home: ['hero', 'team'] }],
    }),
  require: z
    .array(z.enum(requirements))
    .min(1)
    .optional()
    .meta({
      description:
        'What every picture must have. alt: an alt text, unless the picture is decorative.',
      examples: [['alt']],
    }),
  acknowledge: z
    .array(acknowledgementSchema)
    .optional()
    .meta({
      description: 'Findings that are accepted, each with a reason.',
      examples: [[{ finding: 'model', for: ['hero'], reason: 'Needs legible text.' }]],
    }),
} satisfies ShapeOf<PolicyFile>)
