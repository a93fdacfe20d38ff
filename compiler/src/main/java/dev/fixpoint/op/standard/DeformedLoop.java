package dev.fixpoint.op.standard;

import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** The sums of a deformable convolution in double: bilinear samples first, then products. */
final class DeformedLoop {
  private final Shape x;
  private final Shape w;
  private final WindowGeometry.Axis rows;
  private final WindowGeometry.Axis columns;
  private final int groups;
  private final int offsetGroups;
  private final double[] offsets;

  DeformedLoop(OpCall call) {
    this.x = call.type(0).shape();
    this.w = call.type(1).shape();
    WindowGeometry geometry = ConvolutionPart.geometry(call);
    this.rows = geometry.axes().get(0);
    this.columns = geometry.axes().get(1);
    this.groups = ConvolutionPart.groups(call);
    this.offsetGroups = call.attributes().getInt(DeformConv.OFFSET_GROUP);
    this.offsets = call.tensor(2).toDoubles();
    boolean divides = offsetGroups >= 1 && x.size(1) % offsetGroups == 0;
    long taps = (long) geometry.kernelCount() * offsetGroups;
    Shape expected = Shape.of(x.size(0), 2 * taps, rows.output(), columns.output());
    if (!divides || !call.type(2).shape().equals(expected)) {
      throw new IllegalArgumentException(
          "offset is " + call.type(2).shape() + ", but should be " + expected);
    }
    Shape masked = Shape.of(x.size(0), taps, rows.output(), columns.output());
    if (call.hasInput(4) && !call.type(4).shape().equals(masked)) {
      throw new IllegalArgumentException(
          "mask is " + call.type(4).shape() + ", but should be " + masked);
    }
  }

  double[] apply(double[] values, double[] weights, double @Nullable [] mask) {
    int maps = w.intSize(0);
    int perGroup = w.intSize(1);
    int channels = x.intSize(1);
    int taps = rows.kernel() * columns.kernel();
    int windows = rows.output() * columns.output();
    double[] y = new double[x.intSize(0) * maps * windows];
    double[] samples = new double[windows];
    for (int plane = 0; plane < x.intSize(0) * channels; plane++) {
      int c = plane % channels;
      int n = plane / channels;
      for (int tap = 0; tap < taps; tap++) {
        int part = (n * offsetGroups + c / (channels / offsetGroups)) * taps + tap;
        sample(values, plane, part, tap, mask, samples);
        int mapsOfGroup = maps / groups;
        int firstMap = c / perGroup * mapsOfGroup;
        for (int m = firstMap; m < firstMap + mapsOfGroup; m++) {
          double weight = weights[(m * perGroup + c % perGroup) * taps + tap];
          for (int i = 0; i < windows; i++) {
            y[(n * maps + m) * windows + i] += weight * samples[i];
          }
        }
      }
    }
    return y;
  }

  /** What one tap of all windows reads in a plane. */
  private void sample(
      double[] values, int plane, int part, int tap, double @Nullable [] mask, double[] samples) {
    int ky = tap / columns.kernel();
    int kx = tap % columns.kernel();
    int windows = samples.length;
    for (int i = 0; i < windows; i++) {
      int oy = i / columns.output();
      int ox = i % columns.output();
      double row = rows.start(oy) + ky * rows.dilation() + offsets[2 * part * windows + i];
      double column =
          columns.start(ox) + kx * columns.dilation() + offsets[(2 * part + 1) * windows + i];
      double factor = mask == null ? 1 : mask[part * windows + i];
      samples[i] = factor * bilinear(values, plane, row, column);
    }
  }

  private double bilinear(double[] values, int plane, double row, double column) {
    double top = Math.floor(row);
    double left = Math.floor(column);
    double down = row - top;
    double right = column - left;
    return (1 - down) * (1 - right) * at(values, plane, top, left)
        + (1 - down) * right * at(values, plane, top, left + 1)
        + down * (1 - right) * at(values, plane, top + 1, left)
        + down * right * at(values, plane, top + 1, left + 1);
  }

  private double at(double[] values, int plane, double row, double column) {
    boolean inside = row >= 0 && row < rows.input() && column >= 0 && column < columns.input();
    return inside ? values[(plane * rows.input() + (int) row) * columns.input() + (int) column] : 0;
  }
}
