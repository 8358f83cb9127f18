const LONGEST_NAME = 128

/** Identifiers joined by dots, each with optional `[number]` parts: `app.list[0].show`, `jQuery1102_1690`. */
const CALLBACK = /^[A-Za-z_$][\w$]*(?:\[\d{1,9}\]|\.[A-Za-z_$][\w$]*)*$/

const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private ' +
    'protected public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
)

/** Names that run, load or rewrite something when called. Compared as whole segments, wherever they stand. */
const RUNS_CODE = new Set(
  (
    'eval Function execScript setTimeout setInterval setImmediate importScripts requestAnimationFrame ' +
    'queueMicrotask constructor prototype __proto__ __defineGetter__ __defineSetter__ call apply bind'
  ).split(' '),
)
const ROOTS_THAT_ACT = new Set(['document', 'location', 'alert', 'confirm', 'prompt', 'open', 'close'])

/** Whether a JSONP callback name is safe to write into a script. */
export function isCallbackName(name: string): boolean {
  if (name.length === 0 || name.length > LONGEST_NAME || !CALLBACK.test(name)) return false
  const segments = name.replaceAll(/\[\d+\]/g, '').split('.')
  if (segments.some((segment) => RESERVED.has(segment) || RUNS_CODE.has(segment))) return false
  return !ROOTS_THAT_ACT.has(segments[0] ?? '')
}

/**
 * JSON as a call: an empty comment, then `name({...})`. The empty comment keeps the caller's text from being the first bytes of the
 * answer; `<` and the two line separators that JSON allows and old scripts do not are escaped.
 *
 * @throws RangeError if the name is not one that {@link isCallbackName} accepts.
 * @see API v1 overview, "JSON-P Callbacks".
 */
export function wrapInCallback(name: string, json: string): string {
  if (!isCallbackName(name)) throw new RangeError('Not a callback name.')
  return `/**/${name}(${json.replaceAll(/[<\u2028\u2029]/g, escapeCharacter)})`
}

function escapeCharacter(character: string): string {
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0')
}
