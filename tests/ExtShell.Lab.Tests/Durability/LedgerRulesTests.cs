using System.Reflection;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Tests.Durability;

public sealed class LedgerRulesTests
{
    [Fact]
    public void RulesAreNumberedFromOneAndEachNumberIsNamed()
    {
        Assert.Equal(Enumerable.Range(1, LedgerRules.All.Count), LedgerRules.All.Select(rule => rule.Number));
        IEnumerable<int> named = typeof(LedgerRules).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral).Select(field => (int)field.GetRawConstantValue()!);
        Assert.Equal(LedgerRules.All.Select(rule => rule.Number), named.Order());
    }

    [Fact]
    public void EachRuleSaysWhoPromisesIt() =>
        Assert.All(LedgerRules.All, rule => Assert.False(rule.Name.Length == 0 || rule.Text.Length == 0 || rule.Source.Length == 0));
}
