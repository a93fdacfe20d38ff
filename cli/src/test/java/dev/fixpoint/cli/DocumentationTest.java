package dev.fixpoint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Reads the sources of all modules as javac parses them. javac's own doclint cannot demand a
 * comment without also demanding every {@code @param} and {@code @return}.
 */
class DocumentationTest {
  private static final Path PROJECT = Path.of("..");
  private static final Path MAIN = Path.of("src", "main", "java");

  @Test
  void everyPublicTypeAndMethodHasAComment() throws IOException {
    var undocumented = new ArrayList<String>();
    var task = compiler(sources());
    var trees = DocTrees.instance(task);
    for (CompilationUnitTree unit : task.parse()) {
      new Declarations(trees, undocumented).scan(unit, null);
    }
    assertThat(undocumented).isEmpty();
  }

  @Test
  void everyPackageTellsWhatLivesInIt() throws IOException {
    assertThat(sources().stream().map(Path::getParent).distinct())
        .filteredOn(folder -> !folder.endsWith(MAIN))
        .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
    var task =
        (JavacTask)
            compiler(
                sources().stream().filter(file -> file.endsWith("package-info.java")).toList());
    var trees = DocTrees.instance(task);
    for (CompilationUnitTree unit : task.parse()) {
      assertThat(trees.getDocComment(TreePath.getPath(unit, unit.getPackage())))
          .as(unit.getSourceFile().getName())
          .isNotBlank();
    }
  }

  private static List<Path> sources() throws IOException {
    var all = new ArrayList<Path>();
    try (var modules = Files.newDirectoryStream(PROJECT, Files::isDirectory)) {
      for (Path module : modules) {
        Path root = module.resolve(MAIN);
        if (Files.exists(root)) {
          try (var files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
          }
        }
      }
    }
    assertThat(all).isNotEmpty();
    Collections.sort(all);
    return all;
  }

  private static JavacTask compiler(List<Path> sources) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var files = compiler.getStandardFileManager(null, null, null);
    return (JavacTask)
        compiler.getTask(
            null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources));
  }

  /** Goes through what other packages can see; an overriding method inherits its comment. */
  private static final class Declarations extends TreePathScanner<Void, Void> {
    private final DocTrees trees;
    private final List<String> undocumented;

    Declarations(DocTrees trees, List<String> undocumented) {
      this.trees = trees;
      this.undocumented = undocumented;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (!isVisible(type.getModifiers())) {
        return null;
      }
      demandComment(type.getSimpleName().toString());
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      if (isVisible(method.getModifiers()) && !overrides(method) && !isCanonical(method)) {
        demandComment(method.getName().toString());
      }
      return null;
    }

    private void demandComment(String name) {
      String comment = trees.getDocComment(getCurrentPath());
      if (comment == null || comment.isBlank()) {
        var unit = getCurrentPath().getCompilationUnit();
        long start = trees.getSourcePositions().getStartPosition(unit, getCurrentPath().getLeaf());
        undocumented.add(
            "%s:%d %s"
                .formatted(
                    PROJECT.relativize(Path.of(unit.getSourceFile().getName())),
                    unit.getLineMap().getLineNumber(start),
                    name));
      }
    }

    private boolean isVisible(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      var outer = getCurrentPath().getParentPath().getLeaf();
      boolean implicitlyPublic =
          EnumSet.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE).contains(outer.getKind())
              && !flags.contains(Modifier.PRIVATE);
      return implicitlyPublic
          || flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED);
    }

    private static boolean overrides(MethodTree method) {
      return method.getModifiers().getAnnotations().stream()
          .map(AnnotationTree::getAnnotationType)
          .anyMatch(type -> type.toString().equals("Override"));
    }

    /** Whether it is a record's canonical constructor: the type's comment tells of it. */
    private boolean isCanonical(MethodTree method) {
      var type = (ClassTree) getCurrentPath().getParentPath().getLeaf();
      long components =
          type.getMembers().stream()
              .filter(VariableTree.class::isInstance)
              .filter(
                  field ->
                      !((VariableTree) field).getModifiers().getFlags().contains(Modifier.STATIC))
              .count();
      return type.getKind() == Tree.Kind.RECORD
          && method.getReturnType() == null
          && method.getParameters().size() == components;
    }
  }
}
