package dev.fixpoint.cli;

import dev.fixpoint.examples.Digits;
import dev.fixpoint.transform.quantize.QuantReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole way of a bundled network: read, fold, fuse, calibrate, quantize, lower, run. */
@Command(
    name = "demo",
    description = "Quantizes a bundled network for handwritten digits and runs it on integers.")
final class Demo implements Callable<Integer> {
  private static final int COMPARED = 16;

  @Mixin private final Console console = new Console();

  @Option(names = "--verbose", description = "Shows every single rewrite with its bound.")
  private boolean verbose;

  @Option(
      names = "--model",
      hidden = true,
      paramLabel = "mlp|rescnn|mobile|vit",
      description = "Which of the bundled networks.")
  private String network = "rescnn";

  @Option(
      names = "--files",
      paramLabel = "DIR",
      description = "Also leaves the network and its images there, to play with.")
  private @Nullable Path files;

  @Option(names = "--seconds", hidden = true, description = "How long to take each time.")
  private double seconds = 0.5;

  @Override
  public Integer call() {
    Path file = Path.of("digits_" + network + ".onnx");
    DigitsLine line = Failure.naming(file, () -> DigitsLine.of(network));
    console.line("Rewrites from " + file + " to the simulated quantization:");
    new Ledger(line.quantized().records(), QuantReport.NONE, line.quantized().errors())
        .print(console, verbose);
    console.line("");
    console.line("Rewrites from there to integer operators:");
    new Ledger(line.lowered().records()).print(console, verbose);
    console.line("");
    printStations(line);
    console.line("");
    console.line(
        "integer_mac_share "
            + Figures.fixed(line.plan().integerMacShare(), 3)
            + ": that share of all multiply-accumulates runs on integers");
    boolean equal = line.equalsReference(COMPARED);
    console.line(
        (equal ? "int8 equals" : "int8 DIFFERS FROM")
            + " the integer reference semantics bit for bit on "
            + COMPARED
            + " images");
    if (files != null) {
      console.line("");
      console.line("Written: " + String.join(", ", new DigitsFiles(network).write(files)));
    }
    return equal ? Main.DONE : Main.FELL_SHORT;
  }

  private void printStations(DigitsLine line) {
    console.line(Digits.test().count() + " test images:");
    Table table = new Table("lrrrr", "", "accuracy", "SQNR dB", "file bytes", "ms per image");
    DigitsLine.Station reference = line.stations().getFirst();
    for (DigitsLine.Station station : line.stations()) {
      table.row(
          station.name(),
          Figures.fixed(station.accuracy(), 3),
          station == reference ? "" : Figures.fixed(station.decibels(reference), 1),
          Figures.count(station.bytes()),
          Figures.fixed(station.time(seconds).median(), 3));
    }
    table.print(console);
  }
}
