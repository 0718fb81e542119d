/** Whether providers accept this type as an image. */
export function isImage(mediaType: string): boolean {
  return /^image\/(png|jpeg|gif|webp)$/.test(mediaType)
}

export function isImageOrPdf(mediaType: string): boolean {
  return isImage(mediaType) || mediaType === 'application/pdf'
}
