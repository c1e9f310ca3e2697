import { texts } from './texts.js'

const find = (id) => document.getElementById(id)
const [form, submit, result, status, pictures, price, usage] = [
  'form',
  'submit',
  'result',
  'status',
  'pictures',
  'price',
  'usage',
].map(find)
const fields = Object.fromEntries(
  ['prompt', 'model', 'size', 'quality', 'format', 'number', 'key'].map((id) => [id, find(id)]),
)

let language = 'en'
let models = []
/** Shows the last message again, in another language. */
let showMessage = () => {}

/** Returns a text in the language of the page, with its values filled in. */
function text(name, values = {}) {
  return texts[language][name].replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ''))
}

function formatUsd(usd) {
  const digits = usd < 0.1 ? 4 : 2
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(usd)
}

function setLanguage(next) {
  language = next
  document.documentElement.lang = next === 'zh' ? 'zh-Hans' : 'en'
  document.title = text('title')
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = text(element.dataset.text)
  }
  for (const element of document.querySelectorAll('[data-placeholder]')) {
    element.placeholder = text(element.dataset.placeholder)
  }
  for (const element of document.querySelectorAll('[data-label]')) {
    element.ariaLabel = text(element.dataset.label)
  }
  for (const button of document.querySelectorAll('[data-language]')) {
    button.ariaPressed = String(button.dataset.language === next)
  }
  showMessage()
  showPrice()
}

function setOptions(select, values) {
  const chosen = select.value
  select.replaceChildren(
    ...values.map((value) => new Option(value.replace(/^(\d+)x(\d+)$/, '$1 × $2'), value)),
  )
  if (values.includes(chosen)) select.value = chosen
}

function showChoices() {
  const model = models.find(({ id }) => id === fields.model.value)
  if (model === undefined) return
  setOptions(fields.size, model.sizes)
  setOptions(fields.quality, model.qualities)
  showPrice()
}

function requestOf() {
  return {
    prompt: fields.prompt.value.trim(),
    model: fields.model.value,
    n: Number(fields.number.value),
    size: fields.size.value,
    quality: fields.quality.value,
    output_format: fields.format.value,
  }
}

function showPrice() {
  const model = models.find(({ id }) => id === fields.model.value)
  const each = model?.prices[`${fields.size.value} ${fields.quality.value}`]
  if (each === undefined) price.textContent = ''
  else if (each === 0) price.textContent = text('free')
  else price.textContent = text('atMost', { usd: formatUsd(each * Number(fields.number.value)) })
  showCommand()
}

function showCommand() {
  const body = JSON.stringify(requestOf(), null, 2).replaceAll("'", String.raw`'\''`)
  find('command').textContent = [
    `curl ${location.origin}/v1/images/generations \\`,
    `  -H 'Authorization: Bearer YOUR_KEY' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n')
}

function report(kind, name, values) {
  showMessage = () => {
    status.textContent = text(name, values)
    status.dataset.kind = kind
  }
  showMessage()
}

function showPictures({ data, size }, prompt) {
  const [width, height] = size.split('x')
  pictures.replaceChildren(
    ...data.map(({ url }, index) => {
      const number = index + 1
      const image = new Image(width, height)
      // The service may have another address behind a proxy.
      image.src = new URL(url).pathname
      image.alt = text('picture', { number, prompt })
      const link = document.createElement('a')
      link.href = image.src
      link.target = '_blank'
      link.rel = 'noopener'
      link.ariaLabel = text('download', { number })
      link.append(image)
      return link
    }),
  )
  find('empty').hidden = true
}

async function showUsage(key) {
  const response = await fetch('/v1/usage', { headers: { authorization: `Bearer ${key}` } })
  if (!response.ok) return
  const { month, spentUsd, budgetUsd } = await response.json()
  usage.hidden = false
  usage.textContent = text('usage', {
    month,
    spent: formatUsd(spentUsd),
    budget: formatUsd(budgetUsd),
  })
}

function reportProblem({ code, message }, response) {
  const seconds = response.headers.get('retry-after') ?? ''
  if (Object.hasOwn(texts.en, code)) report('failed', code, { seconds })
  else report('failed', 'failed', { message })
}

async function send() {
  const request = requestOf()
  const key = fields.key.value.trim()
  submit.disabled = true
  result.ariaBusy = 'true'
  report('busy', 'making')
  try {
    const response = await fetch('/v1/images/generations', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(request),
    })
    const answer = await response.json()
    if (!response.ok) return reportProblem(answer.error, response)
    showPictures(answer, request.prompt)
    if (answer.limn.cached) report('done', 'cached')
    else if (answer.limn.usd === 0) report('done', 'paidNothing')
    else report('done', 'paid', { usd: formatUsd(answer.limn.usd) })
    await showUsage(key)
  } catch {
    report('failed', 'unreachable')
  } finally {
    submit.disabled = false
    result.ariaBusy = 'false'
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void send()
})
form.addEventListener('input', ({ target }) => {
  if (target === fields.model) showChoices()
  else showPrice()
})
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => setLanguage(button.dataset.language))
}

const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language
setLanguage(wanted.startsWith('zh') ? 'zh' : 'en')
try {
  const list = await (await fetch('/v1/models')).json()
  models = list.data
  fields.number.max = list.limits.pictures
  fields.prompt.maxLength = list.limits.promptCharacters
  setOptions(
    fields.model,
    models.map(({ id }) => id),
  )
  showChoices()
} catch {
  report('failed', 'unreachable')
}
