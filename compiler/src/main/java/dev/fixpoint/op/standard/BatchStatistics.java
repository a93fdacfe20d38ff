package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Spread;
import dev.fixpoint.tensor.Shape;

/**
 * Mean and population variance of each channel of a batch, in double, the variance from the
 * deviations.
 *
 * @param mean mean of each channel
 * @param variance variance of each channel
 */
record BatchStatistics(double[] mean, double[] variance) {
  static BatchStatistics of(double[] values, Shape shape, Spread.Along channels) {
    int[] channel = ChannelMap.of(shape, channels);
    double[] mean = new double[channels.count()];
    double[] variance = new double[channels.count()];
    double perChannel = Math.max(1, values.length / Math.max(1, channels.count()));
    for (int i = 0; i < values.length; i++) {
      mean[channel[i]] += values[i] / perChannel;
    }
    for (int i = 0; i < values.length; i++) {
      double deviation = values[i] - mean[channel[i]];
      variance[channel[i]] += deviation * deviation / perChannel;
    }
    return new BatchStatistics(mean, variance);
  }
}
