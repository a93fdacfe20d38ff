package dev.fixpoint.cli;

import dev.fixpoint.cli.data.Data;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of drawing what a detector has found. */
final class BoxOptions {
  @Option(
      names = "--boxes",
      paramLabel = "DIR",
      description =
          "For a detector with outputs scores [1,N,C] and boxes [1,N,4] and a folder of pictures:"
              + " where to write the pictures with a frame around each object.")
  private @Nullable Path folder;

  @Option(
      names = "--min-score",
      paramLabel = "P",
      description = "With --boxes: how probable an object must be (default: ${DEFAULT-VALUE}).")
  private double leastScore = 0.7;

  /**
   * What draws them, or null where no boxes were asked for; refuses where nothing could be drawn.
   */
  @Nullable BoxDrawing drawing(Data data, Graph graph) {
    Path to = folder;
    if (to == null) {
      return null;
    }
    if (data.pictures().isEmpty()) {
      throw new CommandException("--boxes draws on pictures; give a folder of them to --input");
    }
    List<String> outputs = graph.outputs().stream().map(Value::name).toList();
    if (!outputs.contains(BoxDrawing.SCORES) || !outputs.contains(BoxDrawing.BOXES)) {
      throw new CommandException(
          "--boxes is for outputs '"
              + BoxDrawing.SCORES
              + "' and '"
              + BoxDrawing.BOXES
              + "', and the model has "
              + outputs
              + "; write them with -o instead");
    }
    Failure.naming(to, () -> Files.createDirectories(to));
    return new BoxDrawing(to, leastScore);
  }
}
