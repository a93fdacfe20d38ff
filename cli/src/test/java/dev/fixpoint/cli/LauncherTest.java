package dev.fixpoint.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher in a small project of its own, with scripts in the places of Java and Maven.
 */
class LauncherTest {
  private static final String INCUBATOR_WARNING =
      "WARNING: Using incubator modules: jdk.incubator.vector";

  /** What the launcher calls besides Java and Maven; the PATH of a test leads to nothing else. */
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "env",
          "find",
          "head",
          "ln",
          "mkdir",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "touch");

  @TempDir Path directory;
  private Path project;
  private Path bin;
  private Path jdk;
  private Path source;

  @BeforeEach
  void makeProject() throws IOException {
    project = Files.createDirectory(directory.resolve("a project"));
    Files.copy(Path.of("..", "fixpoint"), project.resolve("fixpoint"));
    executable(project.resolve("fixpoint"));
    Files.createDirectory(project.resolve(".mvn"));
    Files.writeString(project.resolve("pom.xml"), "");
    source = project.resolve("cli/src/main/java/Main.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "");
    Files.writeString(project.resolve("cli/pom.xml"), "");

    bin = Files.createDirectory(directory.resolve("bin"));
    for (String tool : TOOLS) {
      script(bin.resolve(tool), "exec '%s' \"$@\"".formatted(onPath(tool)));
    }
    script(
        bin.resolve("mvn"),
        "cd '%s'".formatted(project),
        "echo built >>builds",
        "sleep 0.3",
        "mkdir -p cli/target/lib",
        "touch cli/target/fixpoint-cli.jar cli/target/fixpoint.stamp");
    jdk = jdk("25.0.1");
  }

  @Test
  void passesArgumentsAndTheExitCodeOn() throws Exception {
    var run = launch("inspect", "two words", "--json");
    assertThat(run.exitCode()).isEqualTo(7);
    assertThat(run.output()).endsWith("<inspect><two words><--json>\n");
  }

  @Test
  void dropsTheIncubatorWarningAndNothingElse() throws Exception {
    launch();
    // What passes the filter may arrive after Java's end, and cat waits for it.
    String launcher = project.resolve("fixpoint").toString();
    assertThat(launch(List.of("bash", "-c", "\"$0\" 2>&1 >/dev/null | cat", launcher)).output())
        .hasLineCount(3)
        .contains("note before the warning\n", "note after it\n", "said by the program\n");
  }

  @Test
  void theProgramSpeaksToTheCallerDirectly() throws Exception {
    launch();
    assertThat(launch().errors()).contains("said by the program\n");
  }

  @Test
  void tellsTheProgramThatFilesAndPipesAreNoTerminals() throws Exception {
    assertThat(launch().output())
        .contains("<-Dfixpoint.stdout.terminal=false>", "<-Dfixpoint.stderr.terminal=false>");
  }

  @Test
  void buildsOnceWhileNothingChanges() throws Exception {
    launch();
    launch();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void buildsAgainWhenASourceIsNewerThanTheBuild() throws Exception {
    launch();
    var built = Files.getLastModifiedTime(project.resolve("cli/target/fixpoint.stamp")).toInstant();
    Files.setLastModifiedTime(source, FileTime.from(built.minusSeconds(5)));
    launch();
    assertThat(builds()).isEqualTo(1);
    Files.setLastModifiedTime(source, FileTime.from(built.plusMillis(1)));
    launch();
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void twoLaunchersBuildOnce() throws Exception {
    var first = start();
    var second = start();
    assertThat(first.waitFor()).isEqualTo(7);
    assertThat(second.waitFor()).isEqualTo(7);
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aKilledBuildDoesNotBlockTheNext() throws Exception {
    var gone = new ProcessBuilder(bin.resolve("bash").toString(), "-c", ":").start();
    gone.waitFor();
    Files.createDirectories(project.resolve("cli/target"));
    Files.createSymbolicLink(
        project.resolve("cli/target/fixpoint.lock"), Path.of(Long.toString(gone.pid())));
    assertThat(launch().exitCode()).isEqualTo(7);
  }

  @Test
  void startsThroughALinkInAnotherDirectory() throws Exception {
    var link = Files.createSymbolicLink(bin.resolve("linked"), project.resolve("fixpoint"));
    Files.createSymbolicLink(directory.resolve("to-link"), Path.of("bin/linked"));
    assertThat(launch(List.of(directory.resolve("to-link").toString())).exitCode()).isEqualTo(7);
    assertThat(launch(List.of(link.getFileName().toString())).exitCode()).isEqualTo(7);
  }

  @Test
  void refusesAJdkThatIsTooOld() throws Exception {
    jdk = jdk("17.0.15");
    var run = launch();
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errors())
        .isEqualTo(
            "error: FIXPOINT_JAVA_HOME=%s is no JDK 25 or newer: set it to one, or unset it\n"
                .formatted(jdk));
  }

  @Test
  void findsAJdkByALinkOnThePath() throws Exception {
    Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin/java"));
    jdk = null;
    assertThat(launch().exitCode()).isEqualTo(7);
  }

  @Test
  void saysInOneLineThatMavenIsMissing() throws Exception {
    Files.delete(bin.resolve("mvn"));
    var run = launch();
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errors()).startsWith("error: ").contains("install Maven").hasLineCount(1);
  }

  @Test
  void needsNoMavenOnceBuilt() throws Exception {
    launch();
    Files.delete(bin.resolve("mvn"));
    assertThat(launch().exitCode()).isEqualTo(7);
  }

  @Test
  void aFailedBuildIsWrongUsageAndIsTriedAgain() throws Exception {
    script(
        bin.resolve("mvn"),
        "echo built >>'%s/builds'".formatted(project),
        "echo '[ERROR] no such symbol'",
        "exit 1");
    var run = launch();
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).contains("[ERROR] no such symbol\nerror: the build failed");
    launch();
    assertThat(builds()).isEqualTo(2);
  }

  private record Run(int exitCode, String output, String errors) {}

  private Run launch(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(project.resolve("fixpoint").toString()));
    command.addAll(List.of(arguments));
    return launch(command);
  }

  private Run launch(List<String> command) throws Exception {
    Path output = directory.resolve("output");
    Path errors = directory.resolve("errors");
    var process =
        process(command).redirectOutput(output.toFile()).redirectErrorStream(false).start();
    try (var stream = process.getErrorStream()) {
      Files.write(errors, stream.readAllBytes());
    }
    return new Run(process.waitFor(), Files.readString(output), Files.readString(errors));
  }

  private Process start() throws IOException {
    return process(List.of(project.resolve("fixpoint").toString()))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private ProcessBuilder process(List<String> command) {
    // Through env, so that a command without a directory is sought on the PATH of the test.
    var all = new ArrayList<>(List.of(bin.resolve("env").toString()));
    all.addAll(command);
    var process = new ProcessBuilder(all).directory(directory.toFile());
    process.environment().clear();
    process.environment().put("PATH", bin.toString());
    if (jdk != null) {
      process.environment().put("FIXPOINT_JAVA_HOME", jdk.toString());
    }
    return process;
  }

  private long builds() throws IOException {
    try (var lines = Files.lines(project.resolve("builds"), UTF_8)) {
      return lines.count();
    }
  }

  /** A JDK whose java talks as the real one does, prints its arguments, and ends with 7. */
  private Path jdk(String version) throws IOException {
    Path home = directory.resolve("jdk-" + version);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    script(home.resolve("bin/javac"));
    script(
        home.resolve("bin/java"),
        "echo 'note before the warning' >&2",
        "echo '" + INCUBATOR_WARNING + "' >&2",
        "echo 'note after it' >&2",
        "echo 'said by the program' >&3",
        "printf '<%s>' \"$@\"; echo",
        "exit 7");
    return home;
  }

  private static void script(Path file, String... lines) throws IOException {
    Files.writeString(
        file,
        Stream.concat(Stream.of("#!" + onPath("bash")), Stream.of(lines)).collect(joining("\n")));
    executable(file);
  }

  private static void executable(Path file) {
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Path onPath(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }
}
