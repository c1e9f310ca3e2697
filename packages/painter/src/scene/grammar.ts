// Words that structure a prompt. They name nothing that is drawn.

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))

/** Words that begin a phrase about a place, a time or a manner: no subject follows. */
export const PREPOSITIONS: ReadonlySet<string> = words(
  'no any in on at over under above below by beside besides near behind before after through across along around between against into onto from toward towards inside outside during among beyond within upon off up down to as like that which who whose where while when because if so is are was were be has have had being with without via per next past beneath underneath amid amidst facing surrounded using made',
)
/** Words that join two phrases of the same rank. */
export const CONJUNCTIONS: ReadonlySet<string> = words('and or but plus &')
/** Words before a noun. The word directly before them is a verb. */
export const DETERMINERS: ReadonlySet<string> = words(
  'a an the this these those some my our your his her its their one two three four five six seven eight nine ten several many few another each every',
)
/** Words that are skipped. */
export const FILLERS: ReadonlySet<string> = words(
  'i we you it he she they me us please there very really quite just only also too want need would should can could let not more most such own same draw create make generate depict illustrate give imagine',
)
/** Words after a noun that do not name the thing. */
export const TAILS: ReadonlySet<string> = words(
  'asleep alone together outside inside outdoors indoors awake here there up down out away far lit full seen alive afloat ahead apart nearby',
)
/** Nouns in -ing, which are no verbs. */
export const ING_NOUNS: ReadonlySet<string> = words(
  'ring king wing string spring thing swing sling building painting earring ceiling railing wedding pudding dumpling duckling lightning clothing clearing awning landing lettering stocking seedling viking icing frosting parking crossing drawing rendering lighting shading hatching photography engraving evening morning sibling darling herring bowling dressing',
)
/** Nouns in -ed, which are no participles. */
export const ED_NOUNS: ReadonlySet<string> = words(
  'bed seed weed sled shed reed steed moped biped tweed speed feed',
)

/** Stems of verbs that often follow the subject ("a fox sits on …"). */
export const VERBS: ReadonlySet<string> = words(
  'sit stand walk run jump fly flie sleep read look play swim rest drink eat hold wear drift float sail shine glow rise fall grow climb cross drive ride wait dance sing lie lean hang bloom burn pour gaze peek stare reach carry chase hide go come stay live leap roar fight guard melt spin',
)

/**
 * Nouns that say how a picture is made, or how much of a thing it shows. The noun before them, or
 * after "of", is the subject.
 */
export const MEDIA: ReadonlySet<string> = words(
  `photo photograph photography picture image illustration drawing painting render rendering sketch
  artwork art print poster banner visual visualisation visualization scene view shot style
  composition design concept graphic graphics close-up closeup macro perspective lens angle level
  light lighting shadow palette tone texture detail focus depth quality resolution foreground mood
  atmosphere feel look theme version variation set series collection pair group bunch row stack pile
  kind type sort example sample format ratio size 4k 8k hd uhd hdr bokeh grain frame border margin
  edge line outline stroke hatching shading contrast figure subject object element ground surface
  material clipart vector silhouette panorama landscape scenery cub pup trail path
  horizon clearing bowl glass plate slice piece jar basket handful herd flock couple lot side front
  back top bottom part front-view mockup mock-up thumbnail cover wallpaper sprite asset template
  placeholder file studio shoulders head body length half third setting environment world space
  place spot centre center middle effect motion idea vibe aesthetic colour color hue gradation
  transition wash canvas paper brushwork glaze render engine exposure photorealism realism accent
  panel arrow number row column caption title text letter word label grid layout tab bar row
  eye hand pose smile expression arm leg shape form corner name handle glaze finish width height
  post ad advert advertisement header flyer leaflet brochure newsletter email article campaign
  card rule word breeze air weather wind water day time season life stage event world wonderland`,
)

/** Things that hold others: "a bowl of fruit" shows the fruit, but "a dog bowl" no dog. */
export const CONTAINERS: ReadonlySet<string> = words(
  'bowl glass plate slice piece jar basket row stack pile panel title bar head handle frame label sign collection set trail path pup hand leg place spot body',
)

/** Adjectives that the endings of {@link looksLikeAdjective} do not cover. */
const ADJECTIVES = words(
  `big small large tiny huge little tall short long wide narrow thick thin fat slim new young ancient
  modern fresh sweet dark light deep pale rich warm cold hot cool soft hard smooth rough sharp
  smart fast slow good bad nice great best beautiful pretty lovely fine pure plain simple single
  double full empty open closed flat round square oval curved straight low high bare wild free busy
  noisy shiny glossy matte matt dusty rusty sunny misty cloudy windy stormy snowy icy fluffy furry
  fuzzy hairy curly sleepy angry hungry lazy crazy funny silly scary spooky creepy sunlit moonlit
  candlelit lamp-lit floodlit rainy magical mystical digital natural professional editorial
  seen lit creamy painterly cartoon cubist impressionist surrealist bauhaus female male adult elderly teenage asian african indian fashionable
  classical tropical minimal surreal royal metal floral medieval global vertical horizontal
  commercial technical personal social national traditional original special romantic rustic
  cinematic realistic photorealistic hyperrealistic artistic fantastic graphic organic electric
  metallic ceramic plastic futuristic geometric isometric aerial scientific scandinavian japanese
  chinese french italian nordic european american wooden woolen golden stone brass silver copper
  iron steel leather linen cotton silk velvet wool marble concrete porcelain granite bamboo paper
  cardboard oil acrylic gouache pencil charcoal woodblock woodcut ink film stock 3d 2d low poly
  analogue analog vector hand-drawn hand-painted wide-angle high-fidelity straight-on close
  whole main central front upper lower left right top bottom tenth extra super ultra highly`,
)

/** Returns whether a word describes something rather than naming it, as far as its form shows. */
export function looksLikeAdjective(word: string): boolean {
  if (ADJECTIVES.has(word)) return true
  if (/(?:ful|ous|less|istic|atic|ally|ently|ously|ingly|fully|htly|ndly)$/.test(word)) return true
  if (word.endsWith('ed')) return word.length > 4 && !ED_NOUNS.has(word)
  if (/(?:able|ible)$/.test(word)) return word.length > 5
  return word.endsWith('ing') && word.length > 4 && !ING_NOUNS.has(word)
}
