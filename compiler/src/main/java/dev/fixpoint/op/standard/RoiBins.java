package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;

/**
 * The bins of one region of RoiAlign.
 *
 * @param top edge of the region
 * @param left edge of the region
 * @param height of a bin
 * @param width of a bin
 * @param rows of samples in a bin
 * @param columns of samples in a bin
 */
record RoiBins(double top, double left, double height, double width, int rows, int columns) {
  /** Most samples along an edge of a bin. */
  private static final int MAX_SAMPLES = 1 << 12;

  static RoiBins of(OpCall call, double[] rois, int at) {
    boolean halfPixel =
        call.get(RoiAlign.COORDINATE_TRANSFORMATION_MODE).equalsIgnoreCase("half_pixel");
    double shift = halfPixel ? 0.5 : 0;
    double scale = call.get(RoiAlign.SPATIAL_SCALE);
    double left = rois[at] * scale - shift;
    double top = rois[at + 1] * scale - shift;
    double width = rois[at + 2] * scale - shift - left;
    double height = rois[at + 3] * scale - shift - top;
    if (!halfPixel) {
      width = Math.max(width, 1);
      height = Math.max(height, 1);
    }
    double binHeight = height / call.get(RoiAlign.OUTPUT_HEIGHT);
    double binWidth = width / call.get(RoiAlign.OUTPUT_WIDTH);
    long ratio = call.get(RoiAlign.SAMPLING_RATIO);
    return new RoiBins(
        top, left, binHeight, binWidth, samples(ratio, binHeight), samples(ratio, binWidth));
  }

  private static int samples(long ratio, double size) {
    double samples = ratio > 0 ? ratio : Math.ceil(size);
    if (!(samples <= MAX_SAMPLES)) {
      throw new IllegalArgumentException("a bin of " + samples + " samples is too large");
    }
    return (int) Math.max(0, samples);
  }
}
