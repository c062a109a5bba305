Console.WriteLine("extshell");
