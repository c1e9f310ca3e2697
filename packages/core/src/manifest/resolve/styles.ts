import type { StyleFile } from '../manifest-file.ts'

type StyleGroup = 'look' | 'painting' | 'digital' | 'photography' | 'school'

/** A built-in style with an English and a Chinese name; each name gives the text of its language. */
type BuiltInStyle = {
  group: StyleGroup
  zh: string
  text: string
  textZh: string
  avoid?: string
  avoidZh?: string
}

const blurry = { avoid: 'blur, distortion, artifacts', avoidZh: '模糊、变形、瑕疵' }

/** Styles that every manifest can name. */
export const builtInStyles: Readonly<Record<string, BuiltInStyle>> = {
  realistic: {
    group: 'look',
    zh: '写实',
    text: 'Realistic, natural light, true materials, fine detail',
    textZh: '写实风格，自然光线，真实材质，细节丰富',
    ...blurry,
  },
  artistic: {
    group: 'look',
    zh: '艺术',
    text: 'Artistic, expressive composition, rich colour, visible hand',
    textZh: '艺术风格，富有表现力的构图，色彩浓郁',
  },
  minimalist: {
    group: 'look',
    zh: '极简',
    text: 'Minimalist, few elements, plenty of empty space, restrained palette',
    textZh: '极简风格，元素少，大量留白，配色克制',
    avoid: 'clutter',
    avoidZh: '杂乱',
  },
  cartoon: {
    group: 'look',
    zh: '卡通',
    text: 'Cartoon, clean outlines, bright flat colour, friendly shapes',
    textZh: '卡通风格，线条清晰，色彩明快，造型可爱',
  },
  cinematic: {
    group: 'look',
    zh: '电影感',
    text: 'Cinematic, wide framing, dramatic light, shallow depth of field, graded colour',
    textZh: '电影感画面，宽幅构图，戏剧性光线，浅景深',
    ...blurry,
  },

  oil_painting: {
    group: 'painting',
    zh: '油画',
    text: 'Oil painting, thick brushwork, layered glazes, canvas texture',
    textZh: '油画，厚重笔触，层叠罩染，画布纹理',
  },
  watercolor: {
    group: 'painting',
    zh: '水彩',
    text: 'Watercolour, soft washes, bleeding edges, paper grain',
    textZh: '水彩画，柔和晕染，边缘渗化，纸张纹理',
  },
  ink_wash: {
    group: 'painting',
    zh: '水墨',
    text: 'Ink wash painting, few confident strokes, gradations of grey, empty space',
    textZh: '水墨画，笔简意远，墨分五色，大量留白',
  },
  gouache: {
    group: 'painting',
    zh: '水粉',
    text: 'Gouache, matte opaque colour, simple shapes, visible strokes',
    textZh: '水粉画，哑光厚涂，形体概括，笔触可见',
  },
  acrylic: {
    group: 'painting',
    zh: '丙烯',
    text: 'Acrylic painting, bold saturated colour, crisp edges',
    textZh: '丙烯画，色彩饱和，边缘利落',
  },
  pastel: {
    group: 'painting',
    zh: '色粉',
    text: 'Soft pastel drawing, powdery texture, gentle transitions',
    textZh: '色粉画，粉质肌理，过渡柔和',
  },
  pencil_sketch: {
    group: 'painting',
    zh: '素描',
    text: 'Pencil sketch, fine hatching, tonal shading on paper',
    textZh: '铅笔素描，细密排线，明暗层次',
  },
  charcoal: {
    group: 'painting',
    zh: '炭笔',
    text: 'Charcoal drawing, deep blacks, smudged shadows, rough paper',
    textZh: '炭笔画，浓重黑色，晕擦阴影，粗糙纸面',
  },
  woodblock: {
    group: 'painting',
    zh: '版画',
    text: 'Woodblock print, flat colour areas, carved outlines, limited palette',
    textZh: '木刻版画，平涂色块，刀刻线条，套色有限',
  },

  vector: {
    group: 'digital',
    zh: '矢量插画',
    text: 'Flat vector illustration, geometric shapes, clean edges, limited palette',
    textZh: '扁平矢量插画，几何造型，边缘干净，配色有限',
  },
  pixel_art: {
    group: 'digital',
    zh: '像素艺术',
    text: 'Pixel art, crisp square pixels, limited palette, no smoothing',
    textZh: '像素艺术，方正像素，限定色板，无抗锯齿',
  },
  low_poly: {
    group: 'digital',
    zh: '低多边形',
    text: 'Low poly 3D, faceted surfaces, soft studio light',
    textZh: '低多边形三维，棱面造型，柔和棚光',
  },
  render_3d: {
    group: 'digital',
    zh: '三维渲染',
    text: '3D render, smooth materials, global illumination, soft shadows',
    textZh: '三维渲染，光滑材质，全局光照，柔和阴影',
  },
  isometric: {
    group: 'digital',
    zh: '等距',
    text: 'Isometric illustration, parallel projection, tidy small details',
    textZh: '等距插画，平行投影，细节整洁',
  },
  concept_art: {
    group: 'digital',
    zh: '概念设计',
    text: 'Concept art, painterly, strong silhouettes, atmospheric depth',
    textZh: '概念设计图，绘画感，剪影鲜明，空间氛围',
  },
  cyberpunk: {
    group: 'digital',
    zh: '赛博朋克',
    text: 'Cyberpunk, neon light, rain-wet surfaces, high contrast at night',
    textZh: '赛博朋克，霓虹灯光，雨夜反光，高对比',
  },

  portrait_photo: {
    group: 'photography',
    zh: '人像摄影',
    text: 'Portrait photograph, 85 mm lens, soft key light, shallow depth of field',
    textZh: '人像摄影，85 毫米镜头，柔和主光，浅景深',
    ...blurry,
  },
  product_photo: {
    group: 'photography',
    zh: '产品摄影',
    text: 'Product photograph, studio light, seamless ground, soft shadow',
    textZh: '产品摄影，棚拍灯光，无缝背景，柔和投影',
    ...blurry,
  },
  macro_photo: {
    group: 'photography',
    zh: '微距摄影',
    text: 'Macro photograph, extreme close-up, fine texture, creamy background',
    textZh: '微距摄影，极近特写，质感细腻，背景虚化',
  },
  aerial_photo: {
    group: 'photography',
    zh: '航拍',
    text: 'Aerial photograph, seen from above, long shadows',
    textZh: '航拍摄影，俯瞰视角，长影',
  },
  black_and_white: {
    group: 'photography',
    zh: '黑白摄影',
    text: 'Black and white photograph, full tonal range, strong composition',
    textZh: '黑白摄影，层次丰富，构图有力',
    avoid: 'colour',
    avoidZh: '彩色',
  },
  long_exposure: {
    group: 'photography',
    zh: '长曝光',
    text: 'Long exposure photograph, smooth motion, light trails',
    textZh: '长曝光摄影，动态平滑，光轨',
  },
  film_photo: {
    group: 'photography',
    zh: '胶片摄影',
    text: 'Analogue film photograph, gentle grain, faded colour, natural flare',
    textZh: '胶片摄影，细腻颗粒，褪色色调，自然眩光',
  },

  impressionism: {
    group: 'school',
    zh: '印象派',
    text: 'Impressionist, broken colour, quick strokes, changing light',
    textZh: '印象派，色点并置，笔触快速，光影变幻',
  },
  cubism: {
    group: 'school',
    zh: '立体主义',
    text: 'Cubist, faceted planes, several viewpoints at once, muted palette',
    textZh: '立体主义，几何切面，多重视角，色调沉稳',
  },
  surrealism: {
    group: 'school',
    zh: '超现实主义',
    text: 'Surrealist, dreamlike scene, impossible juxtapositions, precise detail',
    textZh: '超现实主义，梦境场景，奇异并置，细节精确',
  },
  pop_art: {
    group: 'school',
    zh: '波普艺术',
    text: 'Pop art, bold outlines, halftone dots, primary colours',
    textZh: '波普艺术，粗黑轮廓，网点，原色',
  },
  art_nouveau: {
    group: 'school',
    zh: '新艺术',
    text: 'Art nouveau, flowing lines, botanical ornament, poster composition',
    textZh: '新艺术运动风格，流动曲线，植物纹饰，海报构图',
  },
  bauhaus: {
    group: 'school',
    zh: '包豪斯',
    text: 'Bauhaus, primary shapes, grid composition, red, yellow and blue',
    textZh: '包豪斯风格，基本几何形，网格构图，红黄蓝',
  },
}

const styleByChineseName = new Map(Object.values(builtInStyles).map((style) => [style.zh, style]))

/** Names of styles that need no definition. */
export const builtInStyleNames: readonly string[] = [
  ...Object.keys(builtInStyles),
  ...styleByChineseName.keys(),
]

/** Finds a style by name: the user's own first, then a built-in one by either of its names. */
export function findStyle(
  name: string,
  own: Readonly<Record<string, StyleFile>>,
): StyleFile | undefined {
  if (Object.hasOwn(own, name)) return own[name]
  const chinese = styleByChineseName.get(name)
  if (chinese !== undefined) return { append: chinese.textZh, avoid: chinese.avoidZh }
  const style = Object.hasOwn(builtInStyles, name) ? builtInStyles[name]! : undefined
  return style === undefined ? undefined : { append: style.text, avoid: style.avoid }
}

/** A style with the name under which a manifest uses it. */
export type NamedStyle = StyleFile & { name: string }

/**
 * Returns the styles of some names in order, each once and after those that it extends. Leaves out
 * unknown names and cycles, which rules report.
 */
export function flattenStyles(
  names: readonly string[],
  own: Readonly<Record<string, StyleFile>>,
): NamedStyle[] {
  const flat: NamedStyle[] = []
  const seen = new Set<string>()
  const steps: { name: string; style?: StyleFile }[] = names.toReversed().map((name) => ({ name }))
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { name, style } = step
    if (style !== undefined) flat.push({ ...style, name })
    else if (seen.size !== seen.add(name).size) {
      const found = findStyle(name, own)
      if (found !== undefined) {
        steps.push(
          { name, style: found },
          ...namesOf(found.extends)
            .toReversed()
            .map((base) => ({ name: base })),
        )
      }
    }
  }
  return flat
}

/** Returns one name, several, or none as a list. */
export function namesOf(written: string | readonly string[] | undefined): readonly string[] {
  return written === undefined ? [] : typeof written === 'string' ? [written] : written
}

/** A part of a prompt: the asset's own text, whose `style` is `null`, or what a style adds. */
export type PromptPart = { text: string; style: string | null }

/**
 * Composes the final prompt, in parts that together are the prompt: what styles put before, the
 * prompt, what they put after, and at the end what to avoid, in words: no image model has a field
 * for it.
 */
export function composePrompt(prompt: string, styles: readonly NamedStyle[]): PromptPart[] {
  const isChinese = /\p{Script=Han}/u.test(prompt)
  const parts = [
    ...styles.map(({ name, prepend }) => ({ text: clean(prepend), style: name })),
    { text: clean(prompt), style: null },
    ...styles.map(({ name, append }) => ({ text: clean(append), style: name })),
  ].filter(({ text }) => text !== '')
  const avoided = composeAvoided(styles, isChinese)
  return [
    ...parts.map((part, index) =>
      index < parts.length - 1 || avoided.length > 0
        ? { ...part, text: `${endSentence(part.text)} ` }
        : part,
    ),
    ...avoided,
  ]
}

/** Returns what styles avoid, each text once. */
function composeAvoided(styles: readonly NamedStyle[], isChinese: boolean): PromptPart[] {
  const [start, separator] = isChinese ? ['避免：', '、'] : ['Avoid: ', ', ']
  const styleByText = new Map<string, string>()
  for (const { name, avoid } of styles) {
    const text = clean(avoid)
    if (text !== '' && !styleByText.has(text)) styleByText.set(text, name)
  }
  return [...styleByText].map(([text, style], index) => ({
    text: `${index === 0 ? start : separator}${text}`,
    style,
  }))
}

/** Joins two texts: the first one ends a sentence. */
export function joinTexts(first: string, second: string): string {
  const text = clean(first)
  return text === '' ? second : `${endSentence(text)} ${second}`
}

function clean(text = ''): string {
  return text.normalize('NFC').trim()
}

/** Ends a text that ends in a letter or a number. */
function endSentence(text: string): string {
  if (!/[\p{L}\p{N}]$/u.test(text)) return text
  return `${text}${/\p{Script=Han}$/u.test(text) ? '。' : '.'}`
}
