package dev.fixpoint.cli;

import dev.fixpoint.cli.data.Data;
import dev.fixpoint.cli.data.DataReader;
import dev.fixpoint.cli.data.PictureOptions;
import dev.fixpoint.ir.Graph;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of how pictures become data. */
final class DataOptions {
  /** Which axis the channels are. */
  enum Layout {
    /** The second. */
    NCHW,
    /** The last. */
    NHWC
  }

  /** Which colour comes first. */
  enum Channels {
    /** Red. */
    RGB,
    /** Blue. */
    BGR
  }

  @Option(
      names = "--mean",
      paramLabel = "M",
      split = ",",
      description = "For folders of pictures: subtracted from pixels of 0 to 255.")
  private List<Double> mean = List.of(0.0);

  @Option(
      names = "--std",
      paramLabel = "S",
      split = ",",
      description = "For folders of pictures: divides what is left.")
  private List<Double> deviation = List.of(1.0);

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "For folders of pictures: size, where the model leaves it open.")
  private @Nullable String size;

  @Option(
      names = "--layout",
      paramLabel = "nchw|nhwc",
      description = "For folders of pictures: which axis the channels are.")
  private @Nullable Layout layout;

  @Option(
      names = "--channels",
      paramLabel = "rgb|bgr",
      description = "For folders of pictures: which colour comes first.")
  private Channels channels = Channels.RGB;

  /** Reads data for a model. */
  Data read(String data, Graph graph) {
    return read(data, graph, DataReader.BATCH);
  }

  /** Reads data for a model; a batch has that many samples where the model leaves it open. */
  Data read(String data, Graph graph, int batch) {
    PictureOptions options = pictures();
    return Failure.naming(Path.of(data), () -> DataReader.read(data, graph, batch, options));
  }

  private PictureOptions pictures() {
    int width = 0;
    int height = 0;
    if (size != null) {
      if (!size.matches("[1-9]\\d{0,4}x[1-9]\\d{0,4}")) {
        throw new CommandException("--size " + size + ": give width and height, such as 320x240");
      }
      width = Integer.parseInt(size.substring(0, size.indexOf('x')));
      height = Integer.parseInt(size.substring(size.indexOf('x') + 1));
    }
    Boolean channelsLast = layout == null ? null : layout == Layout.NHWC;
    return new PictureOptions(
        mean, deviation, width, height, channelsLast, channels == Channels.BGR);
  }
}
