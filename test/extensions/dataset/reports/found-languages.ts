/** A report of a search that did not find: why it is here, what was looked for, the record that has it. */
export type Row = readonly [why: string, query: string, record: string]

/** By language. The records of a language are one dataset; each query must find its own record first. */
export const languages: Readonly<Record<string, readonly Row[]>> = {
  Korean: [
    ['a particle in the query (gbrain)', '혈당에서', '공복 혈당 수치는 아침에 재는 것이 좋습니다.'],
    ['a particle in the record (minisearch)', '학교', '우리 아이는 학교에 걸어서 갑니다.'],
    ['different particles on both sides', '환불을', '환불은 칠 일 안에 신청하세요.'],
    ['nouns written together in the query', '배송조회', '주문한 상품의 배송 조회 방법입니다.'],
    ['a noun inside a compound', '은행', '한국은행이 금리를 발표했습니다.'],
    ['a noun with the verb hada (textsearch_ko)', '모니터링', '서버를 모니터링하는 방법을 알려 드립니다.'],
    ['a particle on a Latin word', 'AI를', 'AI 모델 안내입니다.'],
    ['letters of a Mac file name, taken apart', '계약서'.normalize('NFD'), '계약서를 작성합니다.'],
  ],
  Japanese: [
    ['half-width katakana', 'ｻｰﾊﾞｰ', 'サーバーの設定を変更します。'],
    ['the last long vowel mark left out', 'プリンタ', 'プリンターが動かないときは電源を確認してください。'],
    ['okurigana written or not', '引越し', '引っ越しの手続きは市役所で行います。'],
    ['okurigana left out altogether', '申込', '申し込みの締め切りは月曜日です。'],
    ['hiragana for katakana (groonga)', 'りんご', 'リンゴを三つ買いました。'],
    ['full-width letters', 'ＷｉＦｉ', 'WiFiに接続できません。'],
    ['a single character', '猫', '黒猫がいます。'],
  ],
  Chinese: [
    ['traditional characters for simplified text (charabia)', '國際論壇', '国际论坛在北京举行。'],
    ['simplified characters for traditional text', '软体', '這個軟體需要更新。'],
    ['a word that the dictionary parts elsewhere (mkdocs-material)', '违法行为', '公司对违法行为零容忍。'],
    ['a word inside a longer one', '大学', '他在北京大学读书。'],
  ],
  Thai: [
    ['a word in the middle of a sentence (meilisearch)', 'ข้าว', 'เขากำลังกินข้าวอยู่ที่บ้าน'],
    ['the vowel am typed as two characters', 'นํ้า', 'น้ำดื่มราคาเท่าไร'],
    ['digits of Thai', '๒๕๖๗', 'งบประมาณปี 2567'],
  ],
  Lao: [['a word in the middle of a sentence (meilisearch)', 'ອຸນຫະພູມ', 'ເຄື່ອງວັດແທກອຸນຫະພູມ']],
  Khmer: [['two words written together (typesense)', 'ទិញថ្នាំ', 'វាងាយស្រួលសើចណាស់ក្នុងការទិញថ្នាំគ្រប់ការពិពណ៌នា']],
  Burmese: [['a word in the middle of a sentence', 'နိုင်ငံ', 'မြန်မာနိုင်ငံသည်အရှေ့တောင်အာရှတွင်ရှိသည်']],
  Arabic: [
    ['the article (emdash)', 'كتاب', 'قرأت الكتاب في يومين'],
    ['the article with a conjunction before it', 'المدرسة', 'ذهب الأطفال إلى البيت والمدرسة'],
    ['the bearer of hamza left out (DuaVault)', 'اسعار', 'جميع الأسعار تشمل الضريبة'],
    ['tatweel (charabia)', 'مرحبا', 'مرحـــبا بكم في متجرنا'],
    ['vowel points', 'شكرا', 'شُكْرًا على زيارتكم'],
    ['ha for ta marbuta', 'فاتوره', 'أرسلنا لك فاتورة الشهر'],
    ['digits of Arabic', '2024', 'تقرير عام ٢٠٢٤'],
  ],
  Persian: [
    ['letters of an Arabic keyboard (js-search)', 'كتاب', 'کتاب‌های تازه را ببینید'],
    ['the half-space left out', 'میخواهم', 'من می‌خواهم سفارشم را لغو کنم'],
  ],
  Urdu: [['letters of an Arabic keyboard', 'قيمت', 'اس کی قیمت کیا ہے']],
  Hebrew: [
    ['vowel points', 'שלום', 'שָׁלוֹם לכולם'],
    ['prefixes in the record (Sefaria)', 'רקיע', 'ויקרא אלהים לרקיע שמים'],
    ['a prefix in the query (geniza)', 'והחשבון', 'חשבון חודשי נשלח בדואר'],
    ['an abbreviation with its mark', 'צהל', 'הוא שירת בצה״ל ואז בצה"ל, יחידת צה״ל'],
  ],
  Hindi: [
    ['two spellings of a nasal', 'हिंदी', 'हिन्दी में लिखा गया पत्र'],
    ['a nukta left out', 'जरूरत', 'मुझे मदद की ज़रूरत है'],
    ['a plural', 'किताबें', 'यह किताब बहुत अच्छी है'],
    ['digits of Hindi', '2025', 'वर्ष २०२५ की रिपोर्ट'],
  ],
  Bengali: [['an ending, without a stemmer', 'বাংলাদেশের', 'বাংলাদেশ একটি দেশ']],
  Tamil: [['a plural', 'புத்தகம்', 'புத்தகங்கள் மேசையில் உள்ளன']],
}
