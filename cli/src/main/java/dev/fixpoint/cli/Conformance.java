package dev.fixpoint.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the backend tests of ONNX. */
@Command(
    name = "conformance",
    description = "Runs ONNX backend tests: folders with model.onnx and test_data_set_*.")
final class Conformance implements Callable<Integer> {
  @Mixin private final Console console = new Console();

  @Parameters(paramLabel = "DIR", description = "A folder that has tests anywhere below.")
  private Path directory = Path.of("");

  @Option(
      names = "--provider",
      paramLabel = "reference|scalar|vector",
      description = "What computes (default: the fastest that this Java has).")
  private Execution.@Nullable Provider provider;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    if (!Files.isDirectory(directory)) {
      throw new CommandException(directory + ": there is no such folder; check the path");
    }
    List<Path> folders = Failure.naming(directory, () -> folders(directory));
    if (folders.isEmpty()) {
      throw new CommandException(
          directory
              + ": there is no test below; a test is a folder with model.onnx and test_data_set_0");
    }
    BackendTest runner = new BackendTest(Execution.evaluator(provider, 1));
    Map<String, BackendTest.Outcome> outcomes = new LinkedHashMap<>();
    for (Path folder : Progress.over("testing", folders.size(), folders)) {
      Path name = directory.relativize(folder);
      outcomes.put(
          name.toString().isEmpty() ? String.valueOf(folder.getFileName()) : name.toString(),
          runner.run(folder));
    }
    report(outcomes);
    return count(outcomes, BackendTest.Status.FAILED) > 0 ? Main.FELL_SHORT : Main.DONE;
  }

  private static List<Path> folders(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(BackendTest::isTest).sorted().toList();
    }
  }

  private static long count(Map<String, BackendTest.Outcome> outcomes, BackendTest.Status status) {
    return outcomes.values().stream().filter(outcome -> outcome.status() == status).count();
  }

  private void report(Map<String, BackendTest.Outcome> outcomes) {
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      for (BackendTest.Status status : BackendTest.Status.values()) {
        object.put(status.text(), count(outcomes, status));
      }
      Map<String, String> tests = new LinkedHashMap<>();
      outcomes.forEach((name, outcome) -> tests.put(name, outcome.status().text()));
      object.put("tests", tests);
      console.json(object);
      return;
    }
    outcomes.forEach(
        (name, outcome) -> {
          if (outcome.status() != BackendTest.Status.PASSED) {
            console.line(outcome.status().shown() + "  " + name + ": " + outcome.reason());
          }
        });
    for (BackendTest.Status status : BackendTest.Status.values()) {
      console.line(status.shown() + " " + count(outcomes, status));
    }
  }
}
