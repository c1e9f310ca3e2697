import type { Sheet } from '../../protocol.ts'
import type { Language } from './preferences.ts'

/** Returns an amount as text. `null` is an unknown price. */
export type FormatMoney = (usd: number | null) => string

type MoneyWords = {
  language: Language
  /** What stands for an unknown price. */
  unknown: string
}

/**
 * Creates the format of a currency: with the digits that it has, and one more below 1, because a
 * picture costs cents. An amount that would be rounded to nothing is `<` the smallest one.
 */
export function createMoneyFormat(
  currency: Sheet['currency'],
  { language, unknown }: MoneyWords,
): FormatMoney {
  const { code, rate } = currency ?? { code: 'USD', rate: 1 }
  const locale = language === 'zh' ? 'zh-CN' : 'en-US'
  const coarse = formatOf(locale, code)
  const { maximumFractionDigits: digits = 2, minimumFractionDigits } = coarse.resolvedOptions()
  const finest = digits === 0 ? 0 : digits + 1
  const fine = formatOf(locale, code, {
    minimumFractionDigits: minimumFractionDigits ?? digits,
    maximumFractionDigits: finest,
  })
  const least = 10 ** -finest
  return (usd) => {
    if (usd === null) return unknown
    const amount = usd * rate
    if (amount > 0 && amount < least / 2) return `<${fine.format(least)}`
    return (amount !== 0 && Math.abs(amount) < 1 ? fine : coarse).format(amount)
  }
}

/** Returns the format of a currency; of numbers with its code if nobody knows it. */
function formatOf(
  locale: string,
  currency: string,
  digits: Intl.NumberFormatOptions = {},
): Pick<Intl.NumberFormat, 'format' | 'resolvedOptions'> {
  try {
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      ...digits,
    })
  } catch {
    const format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
      ...digits,
    })
    return {
      format: (amount: number | bigint) => `${format.format(amount)} ${currency}`,
      resolvedOptions: () => format.resolvedOptions(),
    }
  }
}
