package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.onnx.OnnxTextReader;
import dev.fixpoint.rulelang.RuleLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages of the documentation: links lead somewhere, and code is not only printed. Java and
 * Kotlin are excerpts of sources that the build compiles, graphs are read, commands are run.
 */
class PagesTest {
  private static final Path PROJECT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("(?<!`)\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+?) *$");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```([a-z]*)$\\R(.*?)^```$");
  private static final Set<String> TRIED = Set.of("java", "kotlin", "rules", "onnx", "sh");

  private static final String DETECTOR = "version-RFB-320.onnx";
  private static final String PHOTO = "img18.jpg";

  /** Output, pictures and files of other tools. */
  private static final Set<String> NOT_CODE = Set.of("", "text", "json", "xml");

  /**
   * A piece of code on a page.
   *
   * @param page the page
   * @param language the word behind the backticks
   * @param text what stands between them
   */
  record Block(Path page, String language, String text) {
    @Override
    public String toString() {
      return page + " " + language + ": " + text.lines().findFirst().orElse("");
    }
  }

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path folder : List.of(PROJECT, PROJECT.resolve("docs"), PROJECT.resolve("docs/adr"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (Path page : pages()) {
      Matcher matcher = BLOCK.matcher(Files.readString(page));
      while (matcher.find()) {
        blocks.add(new Block(page, matcher.group(1), matcher.group(2)));
      }
    }
    return blocks;
  }

  private static List<Block> blocks(String language) throws IOException {
    return blocks().stream().filter(block -> block.language.equals(language)).toList();
  }

  static List<Block> excerpts() throws IOException {
    return Stream.concat(blocks("java").stream(), blocks("kotlin").stream()).toList();
  }

  static List<Path> pagesWithCommands() throws IOException {
    return blocks("sh").stream().map(Block::page).distinct().toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Path page) throws IOException {
    String text = BLOCK.matcher(Files.readString(page)).replaceAll("");
    Matcher link = LINK.matcher(text);
    while (link.find()) {
      String target = link.group(1);
      if (!target.matches("[a-z]+:.*")) {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.toAbsolutePath().getParent().resolve(parts[0]);
        assertThat(file).as("link of %s", page).exists();
        if (parts.length == 2) {
          assertThat(anchors(file)).as("link of %s to %s", page, target).contains(parts[1]);
        }
      }
    }
  }

  private static List<String> anchors(Path page) throws IOException {
    List<String> anchors = new ArrayList<>();
    Matcher heading = HEADING.matcher(Files.readString(page));
    while (heading.find()) {
      String plain = heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "");
      anchors.add(plain.replace(' ', '-'));
    }
    return anchors;
  }

  @Test
  void everyBlockSaysWhatItIs() throws IOException {
    assertThat(blocks())
        .allSatisfy(
            block ->
                assertThat(TRIED.contains(block.language) || NOT_CODE.contains(block.language))
                    .as("%s", block)
                    .isTrue());
  }

  @ParameterizedTest
  @MethodSource("excerpts")
  void codeIsAnExcerptOfWhatTheBuildCompiles(Block block) throws IOException {
    String wanted = stripped(block.text);
    List<Path> sources;
    try (Stream<Path> files = Files.walk(PROJECT.resolve("examples/src"))) {
      sources = files.filter(file -> file.toString().matches(".*\\.(java|kt)")).toList();
    }
    List<Path> holding = new ArrayList<>();
    for (Path source : sources) {
      if (stripped(Files.readString(source)).contains(wanted)) {
        holding.add(source);
      }
    }
    assertThat(holding).as("sources that hold %s", block).isNotEmpty();
  }

  private static String stripped(String text) {
    StringBuilder lines = new StringBuilder("\n");
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(line -> lines.append(line).append('\n'));
    return lines.toString();
  }

  @Test
  void graphsAreRead() throws IOException {
    assertThat(blocks("onnx"))
        .allSatisfy(
            block -> OnnxTextReader.read(block.page.toString(), block.text).nodes().getFirst());
  }

  @Test
  void rulesAreLoaded() throws IOException {
    assertThat(blocks("rules"))
        .allSatisfy(
            block ->
                assertThat(
                        RuleLoader.STANDARD.load(block.page.getFileName() + "", block.text).rules())
                    .isNotEmpty());
  }

  /** In the order of the page, in one folder; files of the project are found from its root. */
  @ParameterizedTest
  @MethodSource("pagesWithCommands")
  void commandsRun(Path page, @TempDir Path folder) throws IOException {
    if (Files.readString(page).contains(" photos/")) {
      Path shared = CommandRun.shared("face");
      Files.copy(shared.resolve(DETECTOR), folder.resolve(DETECTOR));
      Path photos = Files.createDirectory(folder.resolve("photos"));
      Files.copy(shared.resolve(PHOTO), photos.resolve(PHOTO));
    }
    for (Block block : blocks("sh")) {
      if (block.page.equals(page)) {
        for (String line : block.text.replaceAll("\\\\\\R *", "").lines().toList()) {
          run(line.strip(), folder);
        }
      }
    }
  }

  private static void run(String line, Path folder) {
    if (line.isEmpty() || line.startsWith("#") || line.startsWith("mvn ")) {
      return;
    }
    String[] words = line.split(" +");
    assertThat(words[0]).as(line).isEqualTo("./fixpoint");
    Object[] arguments = new Object[words.length - 1];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = placed(words[i + 1], folder);
    }
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as("%s%n%s", line, run.err()).isZero();
  }

  private static String placed(String word, Path folder) {
    boolean file = word.matches("\\w[\\w./-]*(\\.[a-z]+|/[\\w.-]*)");
    if (!file) {
      return word;
    }
    Path inProject = PROJECT.resolve(word);
    return (Files.exists(inProject) ? inProject : folder.resolve(word)).toString();
  }
}
