/** A query, the record that must come first, those that must come after it, and those that it must not find. */
export interface Ranking {
  readonly why: string
  readonly query: string
  readonly first: string
  readonly below?: readonly string[]
  readonly never?: readonly string[]
}

/** Reports of searches that found the wrong thing, or the right one too late. */
export const rankings: readonly Ranking[] = [
  {
    why: 'a longer word, rarer than the word itself (minisearch)',
    query: 'butter',
    first: 'Butter',
    below: ['Buttery noodles'],
  },
  {
    why: 'a slip of one letter, in a language in which it is another word',
    query: 'heart',
    first: 'The heart pumps blood',
    below: ['I can hear you', 'You heard it'],
  },
  { why: 'letters in common', query: 'eye', first: 'An eye on it', never: ['The gene of a mouse', 'A dye for wool'] },
  { why: 'one stem for two words', query: 'university', first: 'The university opens', below: ['The universe is old'] },
  {
    why: 'one beginning for two words',
    query: 'contract',
    first: 'A contract of sale',
    never: ['Control the process'],
  },
  { why: 'a word beside its plural', query: 'house', first: 'A house for sale', below: ['Houses for sale'] },
  {
    why: 'an article that makes another word',
    query: 'the rapist',
    first: 'A rapist was caught',
    never: ['My therapist helps'],
  },
  { why: 'another number', query: '2026', first: 'Prices of 2026', never: ['Prices of 20261', 'Prices of 2025'] },
  {
    why: 'another version',
    query: '2.10.1',
    first: 'Fixed in 2.10.1',
    never: ['Fixed in 21.0.13'],
    below: ['Fixed in 1.10.2'],
  },
  { why: 'another code with the same letters', query: 'AB-1234', first: 'Part AB1234', below: ['Part AB-1235'] },
  { why: 'a code that begins with the code', query: 'AB-123', first: 'Part AB-123', never: ['Part CD-1234'] },
  {
    why: 'a language whose name is one letter',
    query: 'C++',
    first: 'Programming in C++',
    never: ['Programming in C#', 'Programming in C'],
  },
  { why: 'a name with a dot', query: '.NET', first: 'Built with .NET', below: ['A net for fishing'] },
  {
    why: 'tones that the query has (carmen)',
    query: 'đường',
    first: 'Con đường này',
    below: ['Duong Pho', 'Dương Phố'],
  },
  { why: 'an accent that the query has', query: 'résumé', first: 'My résumé', below: ['We resume work'] },
  { why: 'an umlaut that the query has', query: 'schön', first: 'Das ist schön', below: ['Das ist schon alles'] },
  {
    why: 'a pair of characters across two words',
    query: '京都',
    first: '京都の寺',
    below: ['東京都庁は新宿にあります'],
    never: ['東京の都'],
  },
  { why: 'half of a word', query: '東京都庁', first: '東京都庁の場所', below: ['京都の寺'] },
  { why: 'a word inside another in Thai', query: 'กา', first: 'กา บินไป', below: ['กาแฟร้อน'] },
  { why: 'a part of a Korean word', query: '회의실', first: '회의실 예약', below: ['회의 일정'] },
  { why: 'a syllable that is no particle', query: '도로', first: '도로 공사 안내', never: ['도시의 밤'] },
  {
    why: 'another code with the same letters, without signs',
    query: 'tea3',
    first: 'Blend tea3',
    never: ['Blend tea4', 'Tea 30'],
  },
  {
    why: 'half of a name in camel case',
    query: 'PostConnection',
    first: 'type PostConnection',
    never: ['type UserConnection'],
  },
  {
    why: 'one of two words written as one',
    query: 'healthinsurance',
    first: 'Health insurance',
    below: ['Health shop'],
  },
  { why: 'й is a letter', query: 'мой', first: 'мой счёт', never: ['мои счета'] },
  { why: 'vowel signs are letters (bert)', query: 'कुल', first: 'कुल राशि', never: ['कल आना', 'काला रंग'] },
  { why: 'another word in Hebrew with the same end', query: 'בית', first: 'בית גדול', never: ['זית ירוק'] },
  {
    why: 'more of the words of the query',
    query: 'refund policy shoes',
    first: 'Refund policy for shoes',
    below: ['Shoes, shoes, shoes'],
  },
  {
    why: 'one stem in Basque for words of Finnish (tatoeba)',
    query: 'sanoi',
    first: 'Hän sanoi sen',
    never: ['San Santua'],
  },
  { why: 'a short stem in Turkish (snowball)', query: 'oda', first: 'Bir oda var', never: ['O da geldi mi'] },
  {
    why: 'two words that stand together in one record',
    query: 'AB 1234',
    first: 'Part AB-1234',
    below: ['Room 1234, block AB'],
  },
]
