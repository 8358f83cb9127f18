/** What Basic and Digest say that a name and a token are for (Authorization for devices and desktop apps, 5). */
export const REALM = 'GimmeBarAPI'
