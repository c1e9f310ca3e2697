import { count } from '../../../count.ts'
import { replaceUnprintable } from '../../../safe-text.ts'
import { formatBytes, formatGrowth } from '../../byte-text.ts'
import { escapeHtml, formatDocument, generatorMark } from '../../html-document.ts'
import { type ByteBudget, dataUrl } from '../../previews.ts'
import type { ComparedAsset, ComparedPicture, Comparison } from '../comparison.ts'
import {
  describeBase,
  describeChange,
  describeDifference,
  describeGrowth,
  describePage,
  describePageGrowth,
  describePending,
  describePrice,
  describeTotal,
  differingPages,
} from '../describe.ts'
import type { Previews } from '../inspect-pictures.ts'
import { pageGrowth } from '../pages.ts'
import { script } from './script.ts'
import { style } from './style.ts'

/** By which Limn recognises its own documents. */
export const HTML_MARK: string = generatorMark('limn compare')

type HtmlOptions = {
  previewsByAsset: ReadonlyMap<string, Previews>
  /** Room for the previews. */
  budget: ByteBudget
  /** Policies that the comparison breaks, one sentence each. */
  failures: readonly string[]
}

/** Formats a comparison as one HTML file that loads nothing. Text of others is escaped. */
export function formatHtml(comparison: Comparison, options: HtmlOptions): string {
  const { assets, head, project } = comparison
  const articles = assets.map((asset) =>
    formatAsset(asset, comparison, takePreviews(asset.name, options)),
  )
  const nothing = '<p class="empty">The pictures are the same.</p>'
  return formatDocument({
    title: `${project}: pictures of ${head.ref} compared with ${comparison.base.ref}`,
    mark: HTML_MARK,
    style,
    script,
    body: [
      formatTop(comparison, options.failures),
      modes,
      `<main>${articles.length === 0 ? nothing : articles.join('\n')}</main>`,
      formatFooter(comparison, options.budget),
    ].join('\n'),
  })
}

const modes = `<nav class="bar" aria-label="View" hidden><div>
<button type="button" value="side" aria-pressed="true">Side by side</button>
<button type="button" value="slider" aria-pressed="false">Slider</button>
<button type="button" value="difference" aria-pressed="false">Difference</button>
</div></nav>`

/** Escapes a text, and replaces what is unprintable. */
function safe(text: string): string {
  return escapeHtml(replaceUnprintable(text))
}

/** Takes the previews of an asset, all or none, so that no half of a pair is shown. */
function takePreviews(name: string, { previewsByAsset, budget }: HtmlOptions): Urls | null {
  const { before, after, difference } = previewsByAsset.get(name) ?? {}
  const urls = { before, after, difference }
  const lengths = Object.values(urls).map((bytes) => Math.ceil((bytes?.length ?? 0) / 3) * 4)
  if (!budget.take(lengths.reduce((sum, length) => sum + length, 0))) return null
  const urlOf = (bytes: Buffer | undefined): string | undefined =>
    bytes === undefined ? undefined : dataUrl(bytes)
  return { before: urlOf(before), after: urlOf(after), difference: urlOf(difference) }
}

/** Data URLs of the previews of an asset; `null` if there was no room. */
type Urls = Record<'before' | 'after' | 'difference', string | undefined>

function formatTop(comparison: Comparison, failures: readonly string[]): string {
  const { assets, base, head, totals, regressions, notes } = comparison
  const date = base.at.slice(0, 10)
  const start = base.isStart ? ', where the branch started' : ''
  const regressed = regressions.map(
    ({ asset, message }) => `<code>${safe(asset)}</code>: ${safe(message)}`,
  )
  return `<header class="top">
<h1>${count(assets.length, 'picture')} ${assets.length === 1 ? 'differs' : 'differ'}</h1>
<p class="where">${safe(head.ref)} compared with ${safe(describeBase(comparison))} <span class="quiet">(${date}${start})</span></p>
${formatFacts(comparison, totals)}
${formatPages(comparison)}
${formatBox('This breaks a policy', failures.map(safe), 'box failed')}
${formatBox(count(regressions.length, 'regression'), regressed, 'box')}
${formatBox('Not everything could be read', notes.map(safe), 'box')}
</header>`
}

function formatFacts(comparison: Comparison, totals: Comparison['totals']): string {
  const { added, removed, changed, renamed, unchanged, bytesBefore, bytesAfter } = totals
  const counts = { new: added, changed, renamed, removed, unchanged }
  const most = describePageGrowth(comparison)
  const facts = [
    ...Object.entries(counts).flatMap(([label, number]) =>
      number === 0 ? [] : [[String(number), label] as const],
    ),
    [describeTotal(comparison), 'paid for new pictures'],
    [formatGrowth(bytesAfter - bytesBefore), `of files, ${formatBytes(bytesAfter)} in total`],
    [most.growth, `for ${most.page}, at most`],
  ] as const
  const items = facts.map(
    ([value, label]) => `<li><b>${safe(value)}</b><span>${safe(label)}</span></li>`,
  )
  return `<ul class="facts">${items.join('')}</ul>`
}

/** Formats the pages that load more or less than before; nothing if there is none. */
function formatPages(comparison: Comparison): string {
  const rows = differingPages(comparison).map((page) => {
    const { bytesBefore, bytesAfter } = page
    const cells = [
      `<th scope="row">${safe(describePage(page))}</th>`,
      `<td>${formatBytes(bytesBefore)} → ${formatBytes(bytesAfter)}</td>`,
      `<td>${formatGrowth(pageGrowth(page))}</td>`,
    ]
    return `<tr>${cells.join('')}</tr>`
  })
  if (rows.length === 0) return ''
  const caption = `${count(rows.length, 'page')} ${rows.length === 1 ? 'loads' : 'load'} more or fewer bytes of pictures`
  return `<details class="pages"${rows.length > MAX_OPEN ? '' : ' open'}><summary>${caption}</summary><table>${rows.join('')}</table></details>`
}

/** Pages that are shown before a click. */
const MAX_OPEN = 12

/** Formats a box with a list of markup; nothing if the list is empty. */
function formatBox(title: string, items: readonly string[], className: string): string {
  if (items.length === 0) return ''
  const list = items.map((item) => `<li>${item}</li>`).join('')
  return `<section class="${className}"><h2>${title}</h2><ul>${list}</ul></section>`
}

function formatAsset(asset: ComparedAsset, comparison: Comparison, urls: Urls | null): string {
  const { name, change, difference } = asset
  const price = describePrice(asset, comparison)
  const growth = describeGrowth(asset)
  const meta = [
    ...(difference === null ? [] : [`${describeDifference(asset)} differ`]),
    ...(price === '' ? [] : [`${price} paid`]),
    ...(growth === '' ? [] : [`${growth} of files`]),
  ]
  const badge = change === 'added' ? 'new' : change
  const what = change === 'changed' || change === 'renamed' ? describeChange(asset) : ''
  return `<article>
<header><h2>${safe(name)}</h2><span class="badge ${change}">${badge}</span><span class="quiet">${safe(what)}</span><span class="meta">${meta.map((text) => `<span>${safe(text)}</span>`).join('')}</span></header>
${formatPictures(asset, urls)}
${formatMore(asset, comparison, urls)}
</article>`
}

function formatPictures(asset: ComparedAsset, urls: Urls | null): string {
  const { name, before, after, difference, aspects } = asset
  if (before === null && after === null) return ''
  const isOne = before === null || after === null || !aspects.includes('picture')
  if (!aspects.includes('picture')) return ''
  const isStacked = difference !== null && urls?.before !== undefined && urls.after !== undefined
  const classes = [
    'pair',
    ...(isOne ? ['single'] : []),
    ...(isStacked ? ['both'] : []),
    ...(urls?.difference === undefined ? [] : ['different']),
  ]
  const slide = `<div class="slide"><input type="range" min="0" max="100" value="50" step="any" aria-label="Share of the picture before, ${safe(name)}"><i></i></div>`
  return `<div class="${classes.join(' ')}">${formatFigure('before', before, urls)}${formatFigure('after', after, urls)}${formatDifference(name, urls)}${isStacked ? slide : ''}</div>`
}

function formatFigure(
  side: 'before' | 'after',
  picture: ComparedPicture | null,
  urls: Urls | null,
): string {
  if (picture === null) return ''
  const { width, height, bytes } = picture
  const url = urls?.[side]
  const why = urls === null ? 'No room for a preview' : 'No preview'
  const content =
    url === undefined
      ? `<span class="none">${why}</span>`
      : `<img src="${url}" alt="The picture ${side}" width="${width}" height="${height}">`
  const word = side === 'before' ? 'Before' : 'After'
  return `<figure class="${side}"><div class="frame">${content}</div><figcaption>${word}<span class="size"> · ${width}×${height} · ${formatBytes(bytes)}</span></figcaption></figure>`
}

function formatDifference(name: string, urls: Urls | null): string {
  if (urls?.difference === undefined) return ''
  return `<figure class="difference"><div class="frame"><img src="${urls.difference}" alt="What differs in ${safe(name)}"></div><figcaption>Difference</figcaption></figure>`
}

function formatMore(asset: ComparedAsset, comparison: Comparison, urls: Urls | null): string {
  const text = formatText(asset, comparison)
  const isSeen = asset.aspects.includes('picture')
  const url = isSeen ? undefined : (urls?.after ?? urls?.before)
  if (text === '' && url === undefined) return ''
  const thumb = url === undefined ? '' : `<img class="thumb" src="${url}" alt="The picture">`
  return `<div class="more">${thumb}<div>${text}</div></div>`
}

/** Formats what differs besides the pixels. */
function formatText(asset: ComparedAsset, comparison: Comparison): string {
  const { prompt, alt, settings, outputs, notCompared, change } = asset
  const pending = describePending(asset, comparison)
  const isPair = change === 'changed' || change === 'renamed'
  const rows = [
    ...(alt === null ? [] : [['alt', `${quote(alt.before)} → ${quote(alt.after)}`] as const]),
    ...settings.map(
      ({ field, from, to }) =>
        [safe(field), `${safe(from ?? 'none')} → ${safe(to ?? 'none')}`] as const,
    ),
    ...(isPair
      ? outputs.map(
          ({ file, before, after }) =>
            [safe(file), `${bytesOrNone(before)} → ${bytesOrNone(after)}`] as const,
        )
      : []),
  ]
  return [
    prompt === null ? '' : `<p class="prompt">${formatPrompt(prompt, isPair)}</p>`,
    rows.length === 0
      ? ''
      : `<dl>${rows.map(([label, value]) => `<dt>${label}</dt><dd>${value}</dd>`).join('')}</dl>`,
    notCompared === null ? '' : `<p class="warn">${safe(notCompared)}</p>`,
    pending === '' ? '' : `<p class="warn">Not generated yet: ${safe(pending)}</p>`,
  ].join('')
}

/** Marks what was removed and added, unless all of it was. */
function formatPrompt({ words, before, after }: Prompt, isPair: boolean): string {
  return isPair ? words.map(formatWord).join('') : safe(after ?? before ?? '')
}

type Prompt = NonNullable<ComparedAsset['prompt']>

function formatWord({ kind, text }: { kind: string; text: string }): string {
  if (kind === 'same') return safe(text)
  return kind === 'removed' ? `<del>${safe(text)}</del>` : `<ins>${safe(text)}</ins>`
}

function quote(text: string): string {
  return text === '' ? 'none' : `“${safe(text)}”`
}

function bytesOrNone(bytes: number | null): string {
  return bytes === null ? 'none' : formatBytes(bytes)
}

function formatFooter({ project }: Comparison, budget: ByteBudget): string {
  const refused =
    budget.refused === 0
      ? ''
      : ` There was no room for the previews of ${count(budget.refused, 'picture')}.`
  return `<footer>${safe(project)}, compared by Limn.${refused}</footer>`
}
