// Words of prompts by their meaning. `/` separates the forms: first English in lower-case singular, then Chinese.

/** Words that name something to be painted. */
export const NOUNS = {
  // graphic kinds
  pattern: 'pattern/texture/wallpaper/textile/fabric print/repeat/图案/纹理/花纹/壁纸/底纹',
  logo: 'logo/logomark/emblem/icon/badge/brand mark/monogram/crest/favicon/app icon/标志/徽标/图标/徽章/标识/商标',
  steps:
    'step/diagram/tutorial/infographic/instruction/how to/flowchart/flow chart/guide/process/步骤/流程图/流程/教程/做法/示意图/信息图/指南/第一步/两步/三步/四步/五步/六步/七步/八步/九步/十步/分步/一步步',
  screen:
    'screen/ui/app screen/interface/mockup/dashboard/app/website/landing page/web page/wireframe/admin panel/界面/仪表盘/应用/网页/网站/后台/原型/截图',
  card: 'greeting card/greeting/birthday/celebration/invitation/congratulation/party/anniversary/贺卡/生日/庆祝/派对/请柬/邀请函/祝贺/聚会',
  festival:
    'spring festival/chinese new year/lunar new year/lantern festival/mid autumn festival/春节/新年/元宵/中秋/过年/元旦',
  christmas: 'christmas/xmas/圣诞/圣诞节',
  valentine: 'valentine/love letter/wedding/情人节/婚礼/七夕',
  sale: 'sale/promo/promotion/discount/促销/打折/特卖',
  background: 'background/backdrop/背景/底色',
  abstract: 'abstract/shape/geometric shape/gradient/抽象/渐变/几何',
  // places
  sea: 'sea/ocean/coast/beach/shore/seaside/seascape/coastline/shoreline/lagoon/harbour/harbor/bay/wave/cliff/seashore/大海/海/海边/海滩/沙滩/海岸/海洋/港口/海浪',
  underwater: 'underwater/coral reef/coral/seabed/under the sea/水下/海底/珊瑚',
  lake: 'lake/pond/river/fjord/lakeside/riverside/湖/湖泊/湖面/河/江/池塘/溪',
  mountain:
    'mountain/peak/alp/summit/mountainside/hillside/valley/hill/ridge/volcano/canyon/mountain range/山/群山/山脉/山峰/雪山/山谷/丘陵/山水/火山',
  city: 'city/skyline/skyscraper/downtown/cityscape/metropolis/tower block/urban/城市/都市/天际线/摩天楼/高楼/夜景',
  street: 'street/alley/lane/avenue/town square/road/街/街道/街头/小巷/巷子/马路',
  shop: 'shop/cafe/café/bookshop/bookstore/store/bakery/restaurant/storefront/boutique/flower shop/coffee shop/market/bistro/店/咖啡馆/咖啡店/书店/商店/面包店/餐厅/花店',
  forest: 'forest/wood/woodland/jungle/pine forest/rainforest/grove/森林/树林/林间/丛林/竹林',
  tree: 'tree/pine/park/oak/birch/cypress/bamboo/树/公园/松树/大树/松/竹子/竹',
  desert: 'desert/dune/sahara/cactus/沙漠/沙丘/仙人掌/戈壁',
  field:
    'field/farm/meadow/grassland/countryside/vineyard/pasture/wheat/barn/rice field/prairie/rural/农场/田野/草地/草原/麦田/稻田/乡村/田园',
  garden: 'garden/flower field/tulip/lavender/sunflower/花园/花海/花田/薰衣草/向日葵/郁金香',
  sky: 'sky/cloud/aurora/rainbow/northern light/天空/云/云朵/极光/彩虹',
  space: 'space/galaxy/universe/cosmos/nebula/outer space/orbit/宇宙/太空/星系/银河/星云',
  planet: 'planet/ringed planet/saturn/earth/mars/行星/星球/地球/土星/火星',
  station: 'space station/satellite/spaceship/spacecraft/starship/空间站/飞船/卫星',
  island:
    'floating island/sky island/flying island/floating rock/game environment/game background/浮岛/浮空岛/天空岛/游戏场景/游戏背景',
  room: 'room/living room/interior/lounge/apartment/loft/studio apartment/office/hotel room/lobby/客厅/房间/室内/公寓/办公室/家居/屋内/室内设计',
  bedroom: 'bedroom/卧室/床',
  kitchen: 'kitchen/dining room/厨房/餐厅内景',
  plan: 'floor plan/floorplan/blueprint/平面图/户型图/户型',
  room3d: '3d interior/interior view/室内效果图/效果图',
  window: 'window/windowsill/窗/窗边/窗户/窗前/窗台/窗口',
  pool: 'pool/swimming pool/泳池/游泳池',
  // things within a scenery
  lighthouse: 'lighthouse/beacon/灯塔',
  boat: 'boat/sailboat/ship/yacht/sail/canoe/船/帆船/小船/渔船/舟',
  cabin:
    'cabin/house/cottage/hut/home/village/chalet/farmhouse/lodge/bungalow/房子/小屋/木屋/村庄/农舍/房屋',
  umbrella: 'beach umbrella/parasol/umbrella/遮阳伞/阳伞/雨伞/伞',
  airballoon: 'hot air balloon/air balloon/热气球',
  moon: 'moon/moonlight/full moon/crescent/月亮/月光/明月/月',
  sun: 'sun/sunlight/太阳/阳光',
  bridge: 'bridge/桥/大桥',
  lantern: 'lantern/灯笼/孔明灯',
  balloon: 'balloon/气球',
  gift: 'gift/present/gift box/礼物/礼盒',
  flower:
    'flower/blossom/rose/bouquet/floral/cherry blossom/sakura/花/花朵/鲜花/樱花/玫瑰/花束/梅花',
  leaf: 'leaf/leave/foliage/plant/houseplant/monstera/fern/botanical/叶子/树叶/植物/绿植/叶/盆栽',
  star: 'star/星星/星',
  heart: 'heart/love/爱心/心形',
  wave: 'wave pattern/waves/波浪/波纹',
  map: 'map/地图',
  book: 'book/novel/书/书本/书籍',
  // creatures
  fox: 'fox/狐狸/小狐狸',
  cat: 'cat/kitten/kitty/猫/小猫/猫咪',
  dog: 'dog/puppy/corgi/shiba/狗/小狗/柯基/柴犬',
  bear: 'bear/teddy bear/polar bear/熊/小熊/北极熊',
  panda: 'panda/熊猫/大熊猫',
  rabbit: 'rabbit/bunny/hare/兔子/小兔/兔',
  owl: 'owl/猫头鹰',
  bird: 'bird/seagull/gull/swallow/sparrow/robin/crane/鸟/小鸟/海鸥/燕子/鹤',
  penguin: 'penguin/企鹅',
  flamingo: 'flamingo/火烈鸟',
  fish: 'fish/goldfish/koi/鱼/小鱼/金鱼/锦鲤',
  whale: 'whale/dolphin/鲸鱼/鲸/海豚',
  deer: 'deer/stag/reindeer/elk/鹿/小鹿',
  // people
  portrait: 'portrait/avatar/headshot/profile picture/face/头像/人像/肖像/人脸',
  woman: 'woman/girl/lady/mother/her/女人/女孩/女性/女士/女生/女子/妈妈',
  man: 'man/boy/guy/gentleman/father/男人/男孩/男性/先生/男生/男子',
  person:
    'person/people/human/traveller/traveler/hiker/child/kid/developer/designer/engineer/teacher/student/doctor/nurse/manager/scientist/colleague/customer/founder/tourist/friend/人/人物/孩子/旅人',
  model: 'model/fashion/fashion model/outfit/lookbook/模特/穿搭/时装',
  dress: 'dress/skirt/gown/连衣裙/裙子/长裙/裙/旗袍',
  hanger: 'hanger/clothes hanger/coat hanger/衣架',
  coat: 'coat/jacket/suit/sweater/hoodie/外套/大衣/西装/毛衣/夹克/卫衣',
  tshirt: 't-shirt/t shirt/tshirt/shirt/tee/t恤/衬衫/上衣',
  glasses: 'glasses/sunglasses/spectacle/眼镜/墨镜',
  hat: 'hat/beret/straw hat/帽子/帽',
  cap: 'cap/baseball cap/flat cap/peaked cap/鸭舌帽/棒球帽',
  beard: 'beard/bearded/胡子/胡须/络腮胡',
  moustache: 'moustache/mustache/mustachioed/小胡子/八字胡',
  hair: 'hair/haired/头发/发',
  character:
    'character/hero/game character/mascot/warrior/protagonist/角色/英雄/主角/人设/吉祥物/勇士',
  knight: 'knight/paladin/armour/armor/骑士/铠甲/盔甲/武士',
  wizard: 'wizard/mage/witch/sorcerer/magician/法师/巫师/女巫/魔法师',
  robot: 'robot/android/bot/机器人',
  astronaut: 'astronaut/spaceman/宇航员/航天员',
  // products
  mug: 'mug/cup/coffee mug/teacup/杯子/马克杯/杯/茶杯/水杯/陶瓷杯',
  bottle: 'bottle/water bottle/thermos/flask/wine/瓶子/水瓶/保温杯/酒瓶/瓶',
  perfume: 'perfume/fragrance/cologne/cosmetic/skincare/serum/香水/护肤品/化妆品/精华',
  shoe: 'shoe/sneaker/trainer/footwear/鞋/鞋子/运动鞋/球鞋/跑鞋/小白鞋',
  bag: 'bag/handbag/backpack/tote/purse/包/包包/手提包/背包/手袋',
  watch: 'watch/wristwatch/smartwatch/手表/腕表',
  headphones: 'headphone/headphones/headset/earphone/耳机',
  lamp: 'lamp/desk lamp/table lamp/台灯/灯具/落地灯/灯',
  chair: 'chair/armchair/stool/椅子/椅/扶手椅',
  sofa: 'sofa/couch/沙发',
  phone: 'phone/smartphone/iphone/手机',
  laptop: 'laptop/computer/notebook computer/笔记本电脑/电脑',
  camera: 'camera/相机/照相机',
  vase: 'vase/flowerpot/flower pot/plant pot/clay pot/花瓶/陶罐/花盆',
  candle: 'candle/蜡烛/香薰',
  table: 'table/desk/tabletop/wooden table/桌子/桌/桌面/木桌/书桌',
  product: 'product/product photo/packshot/still life/产品/商品/静物',
  // food
  cake: 'cake/birthday cake/cupcake/dessert/蛋糕/甜点',
  coffee: 'coffee/latte/espresso/cappuccino/pour-over coffee/tea/咖啡/拿铁/茶/手冲咖啡/奶茶',
  fruit: 'fruit/apple/lemon/oranges/peach/cherry/strawberry/水果/苹果/柠檬/橙子/桃子/草莓/樱桃',
  icecream: 'ice cream/gelato/popsicle/冰淇淋/雪糕',
  food: 'food/dish/meal/noodle/ramen/soup/食物/美食/面条/拉面',
  // game items
  item: 'game item/item/loot/game asset/道具/游戏道具/物品',
  potion: 'potion/magic potion/elixir/药水/魔药/药剂',
  sword: 'sword/sword blade/dagger/剑/宝剑/刀',
  chest: 'chest/treasure chest/treasure/宝箱/箱子',
  shield: 'shield/盾牌/盾',
  coin: 'coin/gold coin/金币/硬币',
  gem: 'gem/crystal/diamond/jewel/ruby/emerald/宝石/水晶/钻石',
  fitness: 'fitness/workout/health/running/健身/运动/健康/跑步',
  music: 'music/player/song/音乐/播放器',
  smile: 'smiling/smile/happy/laughing/微笑/笑/开心',
} as const

/** Hex values of colour words. */
export const COLORS: Readonly<Record<string, string>> = {
  'red/crimson/scarlet/红色/红/大红/朱红': '#d7382f',
  'burgundy/maroon/wine red/酒红': '#7c2337',
  'orange/橙色/橙/橘色/橘': '#f08a32',
  'coral/珊瑚色': '#f47c63',
  'peach/蜜桃色/杏色': '#f8b08c',
  'yellow/lemon yellow/黄色/黄': '#f5c33b',
  'gold/golden/金色/金': '#d9a441',
  'blond/blonde/金发色': '#e0bd74',
  'mustard/ochre/姜黄': '#cf9a2b',
  'green/绿色/绿': '#3f9b5f',
  'olive/橄榄绿': '#7c8448',
  'sage/豆绿': '#9bb08d',
  'mint/薄荷绿/薄荷': '#8fd3b6',
  'emerald green/jade/翠绿/翡翠': '#1f8a62',
  'teal/turquoise/青色/青/蓝绿色': '#1f8a8c',
  'cyan/aqua/青蓝': '#38bcd6',
  'blue/蓝色/蓝': '#2f6fd0',
  'sky blue/light blue/天蓝/浅蓝': '#7fbdea',
  'navy/dark blue/midnight blue/藏青/深蓝/海军蓝': '#1f3260',
  'indigo/靛蓝': '#3f3d9c',
  'purple/violet/紫色/紫': '#7b4bb3',
  'lilac/mauve/淡紫/浅紫': '#b79ad6',
  'pink/rose pink/粉色/粉/粉红': '#f08fae',
  'magenta/fuchsia/洋红/玫红': '#d33a8c',
  'brown/chocolate/棕色/棕/褐色/咖啡色': '#80533a',
  'beige/cream/tan/sand/米色/米白/奶油色': '#ead9bd',
  'terracotta/rust/砖红/陶土色': '#c5613f',
  'white/ivory/白色/白': '#f6f3ee',
  'black/黑色/黑': '#2a2a30',
  'grey/gray/silver/charcoal/灰色/灰/银色/银': '#9aa0a8',
}

/** Words for the time of day. */
export const TIMES = {
  dawn: 'dawn/daybreak/early morning/first light/morning/黎明/拂晓/清晨/早晨/早上',
  sunrise: 'sunrise/日出/朝阳/晨曦',
  day: 'noon/day/daytime/midday/bright/sunny/sunlit/afternoon/白天/正午/中午/明亮/晴天/下午/晴朗/阳光明媚',
  golden:
    'golden hour/warm light/late afternoon/evening light/magic hour/黄金时刻/暖光/暖色调/温暖的光',
  sunset: 'sunset/evening/日落/夕阳/傍晚/晚霞',
  dusk: 'dusk/twilight/blue hour/nightfall/黄昏/暮色/薄暮/蓝调时刻',
  night:
    'night/midnight/starry/nighttime/starlight/starry sky/夜/夜晚/夜里/星空/深夜/午夜/晚上/星夜/夜景/月夜',
} as const

/** Words for the weather. */
export const WEATHERS = {
  rain: 'rain/rainy/drizzle/wet/雨/下雨/雨天/雨中/雨夜',
  snow: 'snow/snowy/snowfall/blizzard/frozen/雪/下雪/雪地/大雪/积雪',
  fog: 'fog/foggy/mist/misty/haze/hazy/雾/薄雾/晨雾/迷雾/云雾',
  storm: 'storm/stormy/thunder/lightning/thunderstorm/暴风雨/雷雨/闪电/风暴',
} as const

/** Words for the season. */
export const SEASONS = {
  spring: 'spring/springtime/cherry blossom/sakura/春天/春/春季/樱花',
  summer: 'summer/夏天/夏/夏日/夏季',
  autumn: 'autumn/autumnal/fall/秋天/秋/秋日/秋季/金秋/枫叶',
  winter: 'winter/wintry/冬天/冬/冬日/冬季',
} as const

/** Words for the style. */
export const STYLES = {
  ink: 'ink wash/ink painting/sumi-e/chinese painting/chinese ink/ink wash painting/水墨/水墨画/国画/中国画',
  watercolor: 'watercolor/watercolour/aquarelle/gouache/hand painted/水彩/水粉/手绘',
  neon: 'neon/cyberpunk/synthwave/vaporwave/neon light/霓虹/赛博朋克/霓虹灯',
  pixel: 'pixel art/pixel/8-bit/8 bit/pixelated/像素/像素画/像素风',
  vintage: 'vintage/retro/old/nostalgic/film photo/复古/怀旧/老式',
  minimal:
    'minimal/minimalist/minimalistic/simple/clean/minimalism/white space/whitespace/negative space/empty space/blank space/copy space/breathing space/留白/极简/简约/简洁',
  mono: 'monochrome/black and white/grayscale/greyscale/黑白/单色/灰度',
  vector: 'vector/flat vector/flat illustration/flat design/flat style/矢量/矢量插画/扁平/扁平化',
  pencil:
    'pencil/pencil sketch/pencil drawing/sketch/hatching/graphite/crayon/charcoal/charcoal drawing/line drawing/铅笔/铅笔素描/素描/炭笔/炭笔画/彩铅',
  woodcut:
    'woodcut/woodblock/woodblock print/linocut/lino print/block print/engraving/木刻/木版画/版画/木刻版画',
  pastel: 'pastel/soft color/soft colour/muted/马卡龙/柔和/粉彩/莫兰迪',
} as const

/** Words for the mood. */
export const MOODS = {
  calm: 'calm/quiet/peaceful/serene/tranquil/still/宁静/平静/安静/静谧',
  cozy: 'cozy/cosy/warm/homely/snug/温馨/温暖/舒适',
  dramatic: 'dramatic/epic/majestic/moody/戏剧性/壮观/史诗/震撼',
  playful: 'playful/fun/cute/whimsical/cheerful/lively/可爱/活泼/有趣/俏皮',
  elegant: 'elegant/luxury/premium/refined/chic/优雅/奢华/高级/精致',
} as const

/**
 * Phrases that describe only how a picture is made, although one of their words alone names a thing
 * or a pattern.
 */
export const TECHNIQUE_PHRASES =
  'canvas texture/powdery texture/fine texture/paper texture/rough texture/visible texture/seamless ground/seamless background/seamless paper/paper grain/carved outlines/halftone dots/botanical ornament/light trails/lamp lit/facing the camera/looking at the camera/camera angle/hero image/hero banner/hero shot/hero picture/visible hand/portrait orientation/portrait format/landscape format/画布纹理/纸张纹理/粉质肌理/质感细腻/无缝背景/刀刻线条/植物纹饰'

/** Phrases that name something else than their words, and that the painter cannot draw. */
export const MISLEADING_PHRASES =
  'hot dog/sea lion/sea horse/sea urchin/guinea pig/prairie dog/chest of drawers/coat of arms/space suit/diving suit/wet suit/construction crane/tower crane/house of cards/card game/playing card/credit card/memory card/business card/fire ball/gummy bear/water bear/bird of paradise/cat burglar/box camera/star fish/jelly fish/sword fish/moon cake/earth worm/fox glove/book end/bean bag/sleeping bag/tea bag/punching bag/air bag/church bell/high chair/wheel chair/electric chair/bear trap/fruit bat/fruit fly/rocket/寿司/灯泡/路灯/红绿灯/热狗/海狮/海马/书架/书包/睡袋/钱包/面包/鱼缸/鱼竿/花生/花瓶架/火车/马车/刀叉/飞船票'

/** Words that make opposite edges of the picture meet. */
export const TILE_WORDS = 'tile/tileable/seamless/tiling/seamlessly/无缝/平铺/可平铺/四方连续'
