package dev.fixpoint.runtime.internal.simd;

/**
 * The shape of a two-dimensional convolution of one group over channels-last images. A matrix
 * product is one whose images are rows of one pixel.
 *
 * @param batch number of images
 * @param inHeight rows of an input image
 * @param inWidth pixels of an input row
 * @param channels input channels of the group
 * @param inPitch distance between neighbouring input pixels
 * @param inChannel first input channel of the group
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param strideHeight step between output rows in input rows
 * @param strideWidth step between output pixels in input pixels
 * @param dilationHeight distance between kernel rows
 * @param dilationWidth distance between kernel columns
 * @param padTop rows of padding above
 * @param padLeft pixels of padding on the left
 * @param outHeight rows of an output image
 * @param outWidth pixels of an output row
 * @param outPitch distance between neighbouring output pixels
 * @param outChannel first output channel of the group
 */
public record ConvGeometry(
    int batch,
    int inHeight,
    int inWidth,
    int channels,
    int inPitch,
    int inChannel,
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int dilationHeight,
    int dilationWidth,
    int padTop,
    int padLeft,
    int outHeight,
    int outWidth,
    int outPitch,
    int outChannel) {

  /** A product of a matrix of {@code rows} rows and {@code depth} columns with packed weights. */
  public static ConvGeometry matrix(int rows, int depth, int columns) {
    return new ConvGeometry(
        1, rows, 1, depth, depth, 0, 1, 1, 1, 1, 1, 1, 0, 0, rows, 1, columns, 0);
  }

  /** This convolution over the first of its images. */
  public ConvGeometry ofOneImage() {
    return new ConvGeometry(
        1,
        inHeight,
        inWidth,
        channels,
        inPitch,
        inChannel,
        kernelHeight,
        kernelWidth,
        strideHeight,
        strideWidth,
        dilationHeight,
        dilationWidth,
        padTop,
        padLeft,
        outHeight,
        outWidth,
        outPitch,
        outChannel);
  }

  /** This convolution over one group of several. */
  public ConvGeometry group(int group, int outChannels) {
    return new ConvGeometry(
        batch,
        inHeight,
        inWidth,
        channels,
        inPitch,
        group * channels,
        kernelHeight,
        kernelWidth,
        strideHeight,
        strideWidth,
        dilationHeight,
        dilationWidth,
        padTop,
        padLeft,
        outHeight,
        outWidth,
        outPitch,
        group * outChannels);
  }

  /** This convolution over some of its input channels. */
  public ConvGeometry ofChannels(int first, int count) {
    return new ConvGeometry(
        batch,
        inHeight,
        inWidth,
        count,
        inPitch,
        inChannel + first,
        kernelHeight,
        kernelWidth,
        strideHeight,
        strideWidth,
        dilationHeight,
        dilationWidth,
        padTop,
        padLeft,
        outHeight,
        outWidth,
        outPitch,
        outChannel);
  }

  /** This convolution with its output among the channels of a tensor with {@code pitch} of them. */
  public ConvGeometry intoSlice(int pitch) {
    return new ConvGeometry(
        batch,
        inHeight,
        inWidth,
        channels,
        inPitch,
        inChannel,
        kernelHeight,
        kernelWidth,
        strideHeight,
        strideWidth,
        dilationHeight,
        dilationWidth,
        padTop,
        padLeft,
        outHeight,
        outWidth,
        pitch,
        outChannel);
  }

  /**
   * This convolution as a matrix product where each output pixel reads one input pixel in order.
   */
  public ConvGeometry flattened() {
    boolean pointwise =
        kernelHeight == 1
            && kernelWidth == 1
            && strideHeight == 1
            && strideWidth == 1
            && padTop == 0
            && padLeft == 0
            && inHeight == outHeight
            && inWidth == outWidth;
    if (!pointwise) {
      return this;
    }
    int pixels = Math.multiplyExact(batch, Math.multiplyExact(inHeight, inWidth));
    return new ConvGeometry(
        1,
        pixels,
        1,
        channels,
        inPitch,
        inChannel,
        1,
        1,
        1,
        1,
        1,
        1,
        0,
        0,
        pixels,
        1,
        outPitch,
        outChannel);
  }

  /** Output rows of all images. */
  public int outRows() {
    return batch * outHeight;
  }

  /** Products in one output element. */
  public int depth() {
    return kernelHeight * kernelWidth * channels;
  }

  /** Input rows that a kernel spans. */
  public int spanHeight() {
    return (kernelHeight - 1) * dilationHeight + 1;
  }

  /** Pixels of an input row that an output row reads, padding included. */
  public int paddedWidth() {
    return (outWidth - 1) * strideWidth + (kernelWidth - 1) * dilationWidth + 1;
  }
}
