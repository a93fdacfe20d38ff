package dev.fixpoint.cli.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How pictures become tensors: {@code (pixel - mean) / deviation} with pixels from 0 to 255.
 *
 * @param mean one number for all channels, or one for each, in the order of the tensor
 * @param deviation one number for all channels, or one for each
 * @param width width to resize to; 0 for that of the model's input
 * @param height height to resize to; 0 for that of the model's input
 * @param channelsLast whether channels are the last axis, else the second; null for what the
 *     model's input looks like
 * @param bgr whether blue comes first
 */
public record PictureOptions(
    List<Double> mean,
    List<Double> deviation,
    int width,
    int height,
    @Nullable Boolean channelsLast,
    boolean bgr) {
  /** Pixels as they are, in the size and layout of the model's input, red first. */
  public static final PictureOptions DEFAULT =
      new PictureOptions(List.of(0.0), List.of(1.0), 0, 0, null, false);

  /** Keeps immutable copies. */
  public PictureOptions {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
  }
}
