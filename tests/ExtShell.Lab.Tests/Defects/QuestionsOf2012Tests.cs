using ExtShell.TestTools.Defects;

namespace ExtShell.Lab.Tests.Defects;

/// <summary>The answers to the questions of 2012 are what the searches give today.</summary>
public sealed class QuestionsOf2012Tests
{
    private static readonly string Folder = DefectTests.Folder;

    /// <summary>If it fails and the new answers are right: <c>ExtShell.Benchmarks questions2012</c> writes them.</summary>
    [Fact]
    public void The_answers_that_are_checked_in_are_those_of_the_search() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Folder, "questions-of-2012.txt")), new QuestionsOf2012(Folder).Tell());
}
