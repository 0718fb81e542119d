/** What a provider takes as files, besides their types, which `takesFile` of the model's adapter tells. */
export interface FileRules {
  /** Bytes of one image, and of one PDF, as they are: on the wire they have a third more. */
  readonly imageBytes: number
  readonly pdfBytes: number
  /** Pixels of an image's longer side. */
  readonly imageSide: number
  /** Images of one request; the latest are kept. */
  readonly images: number
  readonly animations: boolean
}

export const anyFiles: FileRules = {
  imageBytes: Number.POSITIVE_INFINITY,
  pdfBytes: Number.POSITIVE_INFINITY,
  imageSide: Number.POSITIVE_INFINITY,
  images: Number.POSITIVE_INFINITY,
  animations: true,
}

/** What so many bytes are before base64 makes a third more of them. */
export function beforeBase64(bytes: number): number {
  return Math.floor(bytes / 4) * 3
}
